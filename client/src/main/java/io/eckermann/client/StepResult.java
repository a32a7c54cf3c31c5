package io.eckermann.client;

import io.eckermann.protocol.v1.AppendManyResponse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a step led to: it is fsynced on a majority.
 *
 * @param appends what was appended, by topic in the step's order
 * @param cursors where the cursors are, in the step's order
 * @param duplicate true when a retry found that it had been done already; it was done once all the same
 */
public record StepResult(Map<String, AppendResult> appends, List<CursorPosition> cursors, boolean duplicate) {
    /**
     * What was appended to one topic.
     *
     * @throws IllegalArgumentException when the step appended nothing to it
     */
    public AppendResult appended(String topic) {
        AppendResult result = appends.get(topic);
        if (result == null) {
            throw new IllegalArgumentException("The step appended nothing to " + topic + ".");
        }
        return result;
    }

    static StepResult of(Step step, AppendManyResponse done) {
        Map<String, AppendResult> appends = new LinkedHashMap<>();
        List<String> topics = step.topics();
        for (int i = 0; i < topics.size(); i++) {
            appends.put(topics.get(i), Wire.appended(done.getAppends(i)));
        }
        return new StepResult(
                Collections.unmodifiableMap(appends),
                done.getCursorsList().stream().map(Wire::cursor).toList(),
                done.getDuplicate());
    }
}
