package io.eckermann.gateway.cel;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import io.eckermann.gateway.LinearPattern;
import io.eckermann.protocol.Limits;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What an expression may say: CEL as it is standardized, over the variables of an event. Made at its first use. */
final class FilterLanguage {
    private static final int DEPTH_MAX = 64;
    private static final int NODES_MAX = 1_000;
    /** Of all loops together, for one event. */
    private static final int ITERATIONS_MAX = 10_000;

    private static final int PATTERNS_KEPT = 100;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(Limits.FILTER_CHARS_MAX)
            .maxParseRecursionDepth(DEPTH_MAX)
            .maxParseExpressionNodeCount(NODES_MAX)
            .comprehensionMaxIterations(ITERATIONS_MAX)
            .enableHeterogeneousNumericComparisons(true)
            .build();

    /** Compiled ones, since most expressions have the same for all events. */
    private static final Map<String, LinearPattern> PATTERNS = new ConcurrentHashMap<>();

    static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setStandardEnvironmentEnabled(false)
            .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                    .excludeFunctions(CelStandardDeclarations.StandardFunction.MATCHES)
                    .build())
            .addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                    "matches",
                    CelOverloadDecl.newGlobalOverload("matches", SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING),
                    CelOverloadDecl.newMemberOverload(
                            "matches_string", SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING)))
            .addVar("type", SimpleType.STRING)
            .addVar("key", SimpleType.STRING)
            .addVar("id", SimpleType.STRING)
            .addVar("tags", ListType.create(SimpleType.STRING))
            .addVar("headers", MapType.create(SimpleType.STRING, SimpleType.STRING))
            .addVar("position", SimpleType.INT)
            .addVar("recorded_time", SimpleType.TIMESTAMP)
            .addVar("time", SimpleType.TIMESTAMP)
            .addVar("size", SimpleType.INT)
            .addVar("deleted", SimpleType.BOOL)
            .addVar("data", SimpleType.DYN)
            .setResultType(SimpleType.BOOL)
            .build();

    /** Patterns are matched by what bounds their size: the library would build any before it refuses it, for each event. */
    static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardFunctions(CelStandardFunctions.newBuilder()
                    .excludeFunctions(CelStandardFunctions.StandardFunction.MATCHES)
                    .build())
            .addFunctionBindings(CelFunctionBinding.fromOverloads(
                    "matches",
                    CelFunctionBinding.from("matches", String.class, String.class, FilterLanguage::matches),
                    CelFunctionBinding.from("matches_string", String.class, String.class, FilterLanguage::matches)))
            .build();

    private FilterLanguage() {}

    private static Object matches(String text, String pattern) throws CelEvaluationException {
        LinearPattern known = PATTERNS.get(pattern);
        if (known == null) {
            try {
                known = LinearPattern.compile(pattern);
            } catch (IllegalArgumentException e) {
                throw new CelEvaluationException(String.valueOf(e.getMessage()));
            }
            if (PATTERNS.size() >= PATTERNS_KEPT) {
                PATTERNS.clear();
            }
            PATTERNS.put(pattern, known);
        }
        return known.find(text);
    }
}
