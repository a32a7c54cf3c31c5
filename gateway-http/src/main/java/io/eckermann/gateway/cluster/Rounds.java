package io.eckermann.gateway.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Work that is done in rounds, now and then or when asked, slowly, on a thread of its own, which is never interrupted: files
 * that others read would be closed. Commands come on any thread.
 */
final class Rounds implements AutoCloseable {
    private final Duration interval;
    private final long bytesPerSecond;
    private final Runnable round;
    private final Thread thread;

    // Guarded by this.
    private boolean closing;
    private boolean stopped;
    private boolean asked;

    /**
     * Does nothing until {@link #open}.
     *
     * @param interval between two rounds
     * @param bytesPerSecond how much of what {@link #goOn} is told of is done
     * @param round must not throw
     */
    Rounds(String name, Duration interval, long bytesPerSecond, Runnable round) {
        this.interval = interval;
        this.bytesPerSecond = bytesPerSecond;
        this.round = round;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Begins; the first round comes after one interval. */
    void open() {
        thread.start();
    }

    /** Begins a round as soon as it can, also after {@link #stop}. */
    synchronized void start() {
        stopped = false;
        asked = true;
        notifyAll();
    }

    /** Ends the round under way, and begins no other until {@link #start}. */
    synchronized void stop() {
        stopped = true;
        asked = false;
        notifyAll();
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    private void run() {
        while (awaitTurn()) {
            round.run();
        }
    }

    /** False when there will be none. */
    private synchronized boolean awaitTurn() {
        long endNs = System.nanoTime() + interval.toNanos();
        try {
            for (long left = 1; !closing && !asked && (stopped || left > 0); left = endNs - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, stopped ? interval.toNanos() : left);
            }
        } catch (InterruptedException e) {
            closing = true;
        }
        asked = false;
        return !closing;
    }

    /** Waits as long as so many bytes may take; false when the round is to end. */
    synchronized boolean goOn(long bytes) {
        long endNs = System.nanoTime() + (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
        try {
            for (long left = endNs - System.nanoTime();
                    !closing && !stopped && left > 0;
                    left = endNs - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            closing = true;
        }
        return !closing && !stopped;
    }

    /** Ends the round under way and the thread. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
