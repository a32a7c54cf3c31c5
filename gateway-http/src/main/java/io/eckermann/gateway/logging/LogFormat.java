package io.eckermann.gateway.logging;

/** For whom log lines are. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** For what collects them: one JSON object a line. */
    JSON
}
