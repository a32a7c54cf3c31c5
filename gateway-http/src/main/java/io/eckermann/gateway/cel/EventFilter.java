package io.eckermann.gateway.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.function.Predicate;

/**
 * An expression over one event. What can't be computed for an event, because a field is missing or of another type or
 * because it takes too long, counts as false. Compiled once, used by one thread at a time.
 */
public final class EventFilter implements Predicate<RecordedEvent> {
    private static final int SHOWN_CHARS_MAX = 500;

    private final CelRuntime.Program program;

    private EventFilter(CelRuntime.Program program) {
        this.program = program;
    }

    /**
     * Compiles an expression. May take long the first time, when it loads the library, so not for event loops.
     *
     * @throws StoreException BAD_FILTER with line and column, or FILTER_TOO_COSTLY
     */
    public static EventFilter compile(String expression) {
        if (expression.length() > Limits.FILTER_CHARS_MAX) {
            throw tooCostly("A filter has at most 4,096 characters: say less, or read by type, key or tag.")
                    .with("characters", expression.length());
        }
        try {
            CelValidationResult checked = FilterLanguage.COMPILER.compile(expression);
            if (checked.hasError()) {
                throw bad(checked.getErrors().get(0));
            }
            CelAbstractSyntaxTree tree = checked.getAst();
            long cost = FilterCost.of(tree.getExpr());
            if (cost > FilterCost.MAX) {
                throw tooCostly("The filter may take too many steps for each event: nest fewer loops, or compare less.")
                        .with("steps", cost)
                        .with("steps_max", FilterCost.MAX);
            }
            return new EventFilter(FilterLanguage.RUNTIME.createProgram(tree));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new StoreException(
                            ErrorCode.BAD_FILTER,
                            "The filter does not compile: " + shown(String.valueOf(e.getMessage())),
                            e)
                    .with("field", "filter");
        }
    }

    private static StoreException bad(CelIssue issue) {
        // The library counts columns from 0.
        return new StoreException(ErrorCode.BAD_FILTER, "The filter does not compile: " + shown(issue.getMessage()))
                .with("field", "filter")
                .with("line", issue.getSourceLocation().getLine())
                .with("column", issue.getSourceLocation().getColumn() + 1);
    }

    private static String shown(String message) {
        String text = message.length() <= SHOWN_CHARS_MAX ? message : message.substring(0, SHOWN_CHARS_MAX) + "…";
        return text.endsWith(".") ? text : text + ".";
    }

    private static StoreException tooCostly(String message) {
        return new StoreException(ErrorCode.FILTER_TOO_COSTLY, message).with("field", "filter");
    }

    @Override
    public boolean test(RecordedEvent event) {
        try {
            return Boolean.TRUE.equals(program.eval(new EventVariables(event)));
        } catch (CelEvaluationException notComputable) {
            return false;
        }
    }
}
