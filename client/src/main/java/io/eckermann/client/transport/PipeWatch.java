package io.eckermann.client.transport;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Looks, while a node owes a pipe answers, whether any come; if none do, whether the node is there at all. */
final class PipeWatch {
    private static final long EVERY_MS = 500;

    private final AppendPipe pipe;
    private final Network network;
    private final AtomicBoolean watching = new AtomicBoolean();

    // Of the look before; looks follow each other.
    private boolean owed;
    private long answered;

    PipeWatch(AppendPipe pipe, Network network) {
        this.pipe = pipe;
        this.network = network;
    }

    /** Something is sent. */
    void sent() {
        if (!watching.get() && watching.compareAndSet(false, true)) {
            owed = false;
            next();
        }
    }

    private void next() {
        if (!network.after(EVERY_MS, this::look)) {
            watching.set(false);
        }
    }

    private void look() {
        long now = pipe.answered();
        boolean owedNow = pipe.sent() > now;
        boolean silent = owed && owedNow && now == answered;
        owed = owedNow;
        answered = now;
        if (pipe.isOver()) {
            return;
        }
        if (!owedNow) {
            watching.set(false);
            if (pipe.sent() > pipe.answered()) { // sent before this was to be seen
                sent();
            }
            return;
        }
        if (silent) {
            ask();
        } else {
            next();
        }
    }

    /** Looks on only when it is there. */
    private void ask() {
        CompletableFuture<Void> unused = network.doubt(pipe).thenAccept(there -> {
            if (there) {
                next();
            }
        });
    }
}
