package io.eckermann.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group: leases events and hands them to its handler, acks what it returns from, nacks what it throws at,
 * and extends leases while it works. Events of one key are handled one after the other. It goes on until it is closed,
 * whatever fails; an event may be handled more than once, but by two members at the same time only when a lease was lost
 * on the way. Safe from any thread.
 */
public final class GroupConsumer implements AutoCloseable {
    private static final long PAUSE_MS = 500;
    private static final int REASON_CHARS_MAX = 500;

    /** Is given events. */
    @FunctionalInterface
    public interface Handler {
        /** Handles an event; on return it is acked, after an exception it comes again later. On any of several threads. */
        void handle(LeasedEvent event) throws Exception;

        /** Something went wrong that is tried again, or that costs an event another attempt. */
        default void failed(EckermannException failure) {}
    }

    private final Groups groups;
    private final String topic;
    private final String group;
    private final ConsumerOptions options;
    private final Handler handler;
    private final Settler settler;
    private final List<Thread> threads = new ArrayList<>();
    private final ScheduledExecutorService extending;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<HeldEvents> opened = new CompletableFuture<>();

    GroupConsumer(Groups groups, String topic, String group, ConsumerOptions options, Handler handler) {
        this.groups = groups;
        this.topic = topic;
        this.group = group;
        this.options = options;
        this.handler = handler;
        this.settler = new Settler(groups, topic, group, handler::failed);
        this.extending = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "extending"));
    }

    GroupConsumer start() {
        threads.add(daemon(this::lease, "leasing"));
        for (int i = 0; i < options.threads(); i++) {
            threads.add(daemon(this::handle, "handling-" + i));
        }
        threads.forEach(Thread::start);
        return this;
    }

    private static Thread daemon(Runnable task, String what) {
        Thread thread = new Thread(task, "eckermann-group-" + what);
        thread.setDaemon(true);
        return thread;
    }

    private void lease() {
        try {
            HeldEvents held = open();
            while (held != null && !closing.get()) {
                held.awaitFewerThan(2 * options.max());
                Lease lease = closing.get() ? null : leaseOnce();
                if (lease != null && !lease.isEmpty() && !held.add(lease)) {
                    settler.settle(List.of(Settlement.release(lease.token(), List.of())));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks what kind of group it is, until somebody says; null when it was closed before. */
    private @Nullable HeldEvents open() throws InterruptedException {
        while (!closing.get()) {
            try {
                Group found = groups.get(topic, group).join();
                HeldEvents held = new HeldEvents(found.settings().byKey());
                Duration lasts =
                        options.visibility().isZero() ? found.settings().visibility() : options.visibility();
                long everyMs = Math.max(1, lasts.toMillis() / 3);
                var unused =
                        extending.scheduleWithFixedDelay(() -> extend(held), everyMs, everyMs, TimeUnit.MILLISECONDS);
                opened.complete(held);
                return held;
            } catch (CompletionException e) {
                failed(e);
            }
        }
        opened.cancel(false);
        return null;
    }

    private @Nullable Lease leaseOnce() throws InterruptedException {
        LeaseOptions asked =
                new LeaseOptions(options.member(), options.max(), options.patience(), options.visibility());
        try {
            return groups.lease(topic, group, asked).join();
        } catch (CompletionException e) {
            failed(e);
            return null;
        }
    }

    private void failed(CompletionException failure) throws InterruptedException {
        handler.failed(Failures.exception(failure));
        var unused = closed.await(PAUSE_MS, TimeUnit.MILLISECONDS);
    }

    private void handle() {
        try {
            HeldEvents held = opened.join();
            for (LeasedEvent event = held.next(); event != null; event = held.next()) {
                handle(held, event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CancellationException e) {
            // It was closed before it had begun.
            return;
        }
    }

    private void handle(HeldEvents held, LeasedEvent event) throws InterruptedException {
        try {
            handler.handle(event);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (held.done(event, false)) {
                settler.settle(List.of(Settlement.nack(
                        event.token(), List.of(event.position()), options.backoff(event.attempts()), reason(e))));
            }
            return;
        }
        if (held.done(event, true)) {
            settler.ack(event);
        }
    }

    private static String reason(Exception failure) {
        String text = failure.toString();
        return text.length() <= REASON_CHARS_MAX ? text : text.substring(0, REASON_CHARS_MAX);
    }

    private void extend(HeldEvents held) {
        List<Long> tokens = held.tokens();
        for (int from = 0; from < tokens.size(); from += 1_000) {
            List<Long> some = tokens.subList(from, Math.min(tokens.size(), from + 1_000));
            try {
                held.lost(
                        groups.extend(topic, group, some, options.visibility()).join());
            } catch (CompletionException e) {
                EckermannException failure = Failures.exception(e);
                if (failure.code().equals("LEASE_LOST")) {
                    held.lost(some);
                }
                handler.failed(failure);
            }
        }
    }

    /**
     * Leases no more, gives back what was not begun, and waits for what was, at most the time that the options say; what is
     * not done by then comes to another member when its lease ends. Any number of times.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        closed.countDown();
        HeldEvents held = opened.isDone() && !opened.isCancelled() ? opened.join() : null;
        if (held != null) {
            List<Settlement> releases = held.close();
            if (!releases.isEmpty()) {
                settler.settle(releases);
            }
        } else {
            opened.cancel(false);
        }
        long untilNs = System.nanoTime() + options.closeTimeout().toNanos();
        try {
            for (Thread thread : threads.subList(1, threads.size())) {
                thread.join(Math.max(1, (untilNs - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        extending.shutdownNow();
        settler.idle()
                .completeOnTimeout(null, options.closeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .join();
        threads.forEach(Thread::interrupt);
    }
}
