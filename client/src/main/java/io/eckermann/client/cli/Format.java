package io.eckermann.client.cli;

/** How data is written to stdout. */
enum Format {
    /** Aligned columns, for people. */
    table,
    /** One JSON document. */
    json,
    /** One JSON object a line. */
    ndjson
}
