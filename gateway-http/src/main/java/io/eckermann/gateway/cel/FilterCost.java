package io.eckermann.gateway.cel;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.List;

/** An estimate of how many steps an expression takes for one event, since the library has none. Pure. */
final class FilterCost {
    /** A loop in a loop over lists of the usual length, and some comparisons in it. */
    static final long MAX = 1_000_000;
    /** Elements that a list is taken to have. */
    private static final long LOOP = 100;

    private static final long CALL = 2;
    private static final long PATTERN = 20;

    private FilterCost() {}

    static long of(CelExpr expression) {
        long cost = 1;
        for (CelExpr part : parts(expression)) {
            cost += of(part);
        }
        if (expression.getKind() == CelExpr.ExprKind.Kind.CALL) {
            cost += expression.call().function().equals("matches") ? PATTERN : CALL;
        } else if (expression.getKind() == CelExpr.ExprKind.Kind.COMPREHENSION) {
            CelExpr.CelComprehension loop = expression.comprehension();
            cost += (LOOP - 1) * (of(loop.loopCondition()) + of(loop.loopStep()));
        }
        return Math.min(cost, Integer.MAX_VALUE);
    }

    private static List<CelExpr> parts(CelExpr expression) {
        List<CelExpr> parts = new ArrayList<>();
        switch (expression.getKind()) {
            case SELECT -> parts.add(expression.select().operand());
            case CALL -> {
                expression.call().target().ifPresent(parts::add);
                parts.addAll(expression.call().args());
            }
            case LIST -> parts.addAll(expression.list().elements());
            case STRUCT -> expression.struct().entries().forEach(entry -> parts.add(entry.value()));
            case MAP ->
                expression.map().entries().forEach(entry -> {
                    parts.add(entry.key());
                    parts.add(entry.value());
                });
            case COMPREHENSION -> {
                CelExpr.CelComprehension loop = expression.comprehension();
                parts.addAll(List.of(
                        loop.iterRange(), loop.accuInit(), loop.loopCondition(), loop.loopStep(), loop.result()));
            }
            default -> {
                // A constant or a name has no parts.
            }
        }
        return parts;
    }
}
