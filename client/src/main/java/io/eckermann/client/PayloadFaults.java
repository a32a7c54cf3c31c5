package io.eckermann.client;

import java.util.List;

/**
 * What is wrong with a payload.
 *
 * @param version of the schema that was asked
 * @param faults empty when nothing is; at most 10
 */
public record PayloadFaults(int version, List<Fault> faults) {
    /**
     * One thing that is wrong.
     *
     * @param path of JSON a JSON Pointer, empty for the whole payload; of Protobuf names of fields with dots between them
     */
    public record Fault(String path, String reason) {}

    public boolean isValid() {
        return faults.isEmpty();
    }
}
