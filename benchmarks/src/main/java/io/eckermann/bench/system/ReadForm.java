package io.eckermann.bench.system;

/** In which form a catch-up read gets its events. */
public enum ReadForm {
    /** Events, each handed to the sink. */
    EVENTS("events"),
    /** Stored chunks as they are, checked by their CRC but not decoded; the sink sees one call per chunk. */
    CHUNKS("chunks"),
    /** A line of JSON for each event, over HTTP; the sink sees one call per buffer. */
    NDJSON("ndjson");

    private final String label;

    ReadForm(String label) {
        this.label = label;
    }

    /** As in a workload's name. */
    public String label() {
        return label;
    }
}
