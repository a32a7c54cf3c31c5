package io.eckermann.client.cli;

/** What the process's exit code tells; documented in docs/cli.md. */
final class ExitCode {
    static final int OK = 0;
    static final int ERROR = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int CONFLICT = 4;
    static final int UNAVAILABLE = 5;
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
