package io.eckermann.bench.report;

import java.util.Locale;

/** What is measured: its column in the CSV, its heading in the table, and how it is written. */
public enum Metric {
    EVENTS("events", "events", 0, false),
    SECONDS("seconds", "seconds", 1, false),
    RATE("events_per_s", "events/s", 0, true),
    MEGABYTES("mb_per_s", "MB/s", 1, true),
    P50("p50_ms", "p50 ms", 2, true),
    P99("p99_ms", "p99 ms", 2, true),
    P999("p999_ms", "p99.9 ms", 2, false),
    MAX("max_ms", "max ms", 1, false),
    SERVER_CPU("server_cpu_s_per_gb", "server CPU s/GB", 1, true),
    CLIENT_CPU("client_cpu_s_per_gb", "client CPU s/GB", 1, true),
    SERVER_CORES("server_cores", "server cores", 2, false),
    RSS("rss_mb", "RSS MB", 0, true),
    HEAP("heap_mb", "live heap MB", 0, true),
    WRITTEN("process_bytes_per_byte", "written B/B", 2, false),
    DEVICE("device_bytes_per_byte", "device B/B", 2, true),
    FLUSHES("flushes_per_s", "flushes/s", 0, false),
    OTHER_CPU("other_cpu_percent", "other CPU %", 0, true),
    OWN_LOAD("own_load_s", "warm s", 0, true),
    KIND_LOAD("kind_load_s", "of kind s", 0, true),
    WARM_SECONDS("s_to_80_percent", "s to 80 %", 0, false),
    SINCE_START("s_start_to_80_percent", "start to 80 % s", 0, false),
    STORED("stored_gb", "stored GB", 1, false),
    NO_ACK("no_ack_ms", "no ack ms", 0, false),
    FAILURES("failures", "failures", 0, false),
    LOST("lost", "lost", 0, true),
    DUPLICATES("duplicates", "duplicates", 0, false),
    ELECTIONS("elections", "elections", 0, false);

    private final String column;
    private final String heading;
    private final int decimals;
    private final boolean inTable;

    Metric(String column, String heading, int decimals, boolean inTable) {
        this.column = column;
        this.heading = heading;
        this.decimals = decimals;
        this.inTable = inTable;
    }

    /** Otherwise less is. */
    public boolean moreIsBetter() {
        return this == RATE || this == MEGABYTES || this == EVENTS;
    }

    /** In the CSV. */
    public String column() {
        return column;
    }

    /** In tables, with the unit. */
    public String heading() {
        return heading;
    }

    /** Whether the plain table always has it; the others are shown where a row has them and they say something. */
    public boolean inTable() {
        return inTable;
    }

    /** The value as it is shown; large numbers get separators for people only. */
    public String format(double value) {
        return String.format(Locale.ROOT, decimals == 0 ? "%,.0f" : "%,." + decimals + "f", value);
    }

    /** The value as it is kept. */
    public String csv(double value) {
        return String.format(Locale.ROOT, "%." + Math.max(decimals, 1) + "f", value)
                .replaceAll("\\.?0+$", "");
    }
}
