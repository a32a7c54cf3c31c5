package io.eckermann.bench.system;

/** What has rows in the table. */
public interface Measured {
    /** As given on the command line and shown in tables. */
    String name();

    /** Of what is measured; empty where there is none. */
    String version();

    /** What is true of an event when its producer gets the acknowledgement, in a few words. */
    String acknowledgement();

    /** Whether the workload of this name makes sense here. */
    boolean supports(String workload);
}
