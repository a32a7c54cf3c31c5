package io.eckermann.chaos.run;

import java.util.List;

/**
 * A figure that a run is to reach, or not to exceed; goals.clj knows which, and how it is counted.
 *
 * @param figure its name there
 */
public record Goal(String figure, long bound) {
    /** As in test.edn. */
    List<Object> pair() {
        return List.of(figure, bound);
    }
}
