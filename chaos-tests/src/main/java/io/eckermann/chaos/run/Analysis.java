package io.eckermann.chaos.run;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import java.nio.file.Path;
import java.util.List;

/** The checkers and reports, which are written in Clojure. */
final class Analysis {
    /** What became of a run. */
    enum Verdict {
        VALID,
        INVALID,
        UNKNOWN
    }

    /**
     * A verdict and what it rests on.
     *
     * @param broken the checks that did not hold, by name
     */
    record Judgement(Verdict verdict, List<String> broken) {}

    private Analysis() {}

    /** Checks the history of a run, writes the reports beside it, and prints the short one. */
    static Judgement of(Path directory) {
        IFn require = Clojure.var("clojure.core", "require");
        require.invoke(Clojure.read("eckermann.check.core"));
        Object said = Clojure.var("eckermann.check.core", "analyze-dir!").invoke(directory.toString());
        List<String> words = List.of(String.valueOf(said).split(" ", -1));
        return new Judgement(Verdict.valueOf(words.get(0)), words.subList(1, words.size()));
    }
}
