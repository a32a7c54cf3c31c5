package io.eckermann.gateway.calls;

/** Is told of each request at the doors when it was answered. Safe from any thread; never blocks. */
@FunctionalInterface
public interface AnsweredCalls {
    /**
     * A request was just answered.
     *
     * @param door http or grpc
     * @param route one of few: never anything that a caller makes up
     * @param status the protocol's own
     * @param startedNanos by {@link System#nanoTime}
     */
    void answered(Correlation call, String door, String route, String status, long startedNanos);
}
