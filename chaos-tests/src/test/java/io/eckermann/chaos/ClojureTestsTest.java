package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import clojure.lang.Keyword;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs the tests of the checkers, which are written in Clojure, so that Surefire counts each. */
class ClojureTestsTest {
    private static final List<String> NAMESPACES = List.of(
            "eckermann.check.models-test",
            "eckermann.check.linear-test",
            "eckermann.check.witness-test",
            "eckermann.check.history-test",
            "eckermann.check.gates-test",
            "eckermann.check.goals-test",
            "eckermann.check.steps-test",
            "eckermann.check.chain-test",
            "eckermann.check.samples-test",
            "eckermann.check.nodelogs-test",
            "eckermann.check.convict-test",
            "eckermann.check.pairs-test");

    private static final String RUN = """
            (fn [v]
              (let [said (java.io.StringWriter.)]
                (binding [clojure.test/*test-out* said
                          clojure.test/*report-counters* (ref clojure.test/*initial-report-counters*)]
                  (clojure.test/test-vars [v])
                  (assoc (deref clojure.test/*report-counters*) :said (str said)))))
            """;

    @TestFactory
    List<DynamicTest> checkersConvictWhatIsWrongAndNothingElse() {
        IFn require = Clojure.var("clojure.core", "require");
        require.invoke(Clojure.read("clojure.test"));
        IFn run = (IFn) Clojure.var("clojure.core", "eval").invoke(Clojure.read(RUN));
        List<DynamicTest> tests = new ArrayList<>();
        for (String namespace : NAMESPACES) {
            require.invoke(Clojure.read(namespace));
            Map<String, Object> found = testsOf(namespace);
            assertThat(found).as("tests in %s", namespace).isNotEmpty();
            found.forEach((name, test) -> tests.add(DynamicTest.dynamicTest(namespace + "/" + name, () -> {
                Map<?, ?> result = (Map<?, ?>) run.invoke(test);
                String said = String.valueOf(result.get(Keyword.intern("said")));
                assertThat(count(result, "fail") + count(result, "error"))
                        .as(said)
                        .isZero();
                assertThat(count(result, "pass")).as("what %s asserts", name).isPositive();
            })));
        }
        return tests;
    }

    private static long count(Map<?, ?> result, String kind) {
        return result.get(Keyword.intern(kind)) instanceof Number number ? number.longValue() : 0;
    }

    private static Map<String, Object> testsOf(String namespace) {
        IFn meta = Clojure.var("clojure.core", "meta");
        Map<?, ?> interned =
                (Map<?, ?>) Clojure.var("clojure.core", "ns-interns").invoke(Clojure.read(namespace));
        Map<String, Object> found = new TreeMap<>();
        interned.forEach((name, variable) -> {
            if (((Map<?, ?>) meta.invoke(variable)).get(Keyword.intern("test")) != null) {
                found.put(String.valueOf(name), variable);
            }
        });
        return found;
    }
}
