package io.eckermann.gateway.webhooks;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.cel.EventFilter;
import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ExtendLeasesRequest;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.SettleRequest;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.protocol.v1.WebhookSettings;
import io.eckermann.statemachine.WebhookState;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one webhook's events, one after the other: leases some, sends each until it is taken or given up, settles. While it
 * waits to try again it holds neither events nor their lease. One step follows the other on the calls' threads;
 * {@link #stop} is safe from any.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FAILED_WAIT = Duration.ofMillis(500);
    private static final long LEASE_WAIT_MS = 20_000;
    private static final int REASON_CHARS_MAX = 500;

    /** What all deliveries of a node share. */
    record Means(
            GroupUseCases groups,
            WebhookCalls calls,
            EventMessages messages,
            RetryDelays delays,
            ScheduledExecutorService timer,
            Clock clock,
            String member,
            Attempts attempts) {}

    private final Means means;
    private final String topic;
    private final WebhookState webhook;
    private final WebhookSettings settings;
    private final String group;
    private final @Nullable EventFilter filter;
    private final BooleanSupplier current;
    private final Consumer<String> retire;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile boolean stopped;
    /** What is waited for, so that a stop need not wait: a lease, a request, or the time to try again. */
    private volatile @Nullable Future<?> waiting;

    // Belong to the step under way.
    private @Nullable Batch batch;
    private long leasedUntilNanos;
    private long sentNanos;
    private long failing;
    private int failures;

    /**
     * Sends nothing yet.
     *
     * @param current whether the webhook is still as it was: nothing is sent otherwise
     * @param retire is told why the receiver wants no more
     */
    Delivery(Means means, String topic, WebhookState webhook, BooleanSupplier current, Consumer<String> retire) {
        this.means = means;
        this.topic = topic;
        this.webhook = webhook;
        this.settings = webhook.row().getSettings();
        this.group = Names.groupOfWebhook(webhook.name());
        this.filter = settings.getFilter().isEmpty() ? null : EventFilter.compile(settings.getFilter());
        this.current = current;
        this.retire = retire;
        // The first request need not wait for its turn.
        this.sentNanos = System.nanoTime() - intervalNanos();
    }

    /** Of this webhook, as it was when this began. */
    WebhookState webhook() {
        return webhook;
    }

    void start() {
        step(this::lease);
    }

    /** Sends nothing more, and gives back what it holds; completes when that is done, or failed. */
    CompletableFuture<Void> stop() {
        stopped = true;
        Future<?> now = waiting;
        if (now != null) {
            now.cancel(true);
        }
        return ended;
    }

    /** Whether it came to its end. */
    boolean hasEnded() {
        return ended.isDone();
    }

    /** Runs a step, and ends where that is not possible any more. */
    private void step(Runnable step) {
        try {
            means.calls().threads().execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException e) {
                    LOG.error("The webhook {} of {} stopped by a bug; it is begun anew", webhook.name(), topic, e);
                    ended.complete(null);
                }
            });
        } catch (RejectedExecutionException e) {
            ended.complete(null);
        }
    }

    /** Goes on when the future is done, one way or the other; also when {@link #stop} cancels it. */
    private <T> void when(CompletableFuture<T> future, Consumer<T> done, Consumer<StoreException> failed) {
        waiting = future;
        Failures.whenDone(
                future.exceptionallyCompose(Delivery::failure),
                value -> step(() -> done.accept(value)),
                failure -> step(() -> failed.accept(failure)));
        if (stopped) {
            future.cancel(true);
        }
    }

    /** Being stopped is no bug. */
    private static <T> CompletableFuture<T> failure(Throwable cause) {
        return CompletableFuture.failedFuture(
                cause instanceof CancellationException
                        ? new StoreException(ErrorCode.NOT_READY, "It was given up.")
                        : cause);
    }

    private void later(Duration delay, Runnable next) {
        CompletableFuture<Void> due = new CompletableFuture<>();
        try {
            Future<?> alarm = means.timer().schedule(() -> due.complete(null), delay.toMillis(), TimeUnit.MILLISECONDS);
            when(due, now -> next.run(), givenUp -> {
                alarm.cancel(false);
                next.run();
            });
        } catch (RejectedExecutionException e) {
            ended.complete(null);
        }
    }

    private boolean isStopped() {
        stopped |= !current.getAsBoolean();
        return stopped;
    }

    private void lease() {
        if (isStopped()) {
            ended.complete(null);
            return;
        }
        LeaseRequest request = LeaseRequest.newBuilder()
                .setTopic(topic)
                .setGroup(group)
                .setMember(means.member())
                .setMax(WebhookRules.BATCH)
                .setWaitMs(LEASE_WAIT_MS)
                .setVisibilityMs(WebhookRules.leaseMs(settings))
                .build();
        long askedNanos = System.nanoTime();
        when(means.groups().lease(request, TIMEOUT), leased -> leased(leased, askedNanos), failure -> {
            LOG.debug("Nothing could be leased for the webhook {} of {}", webhook.name(), topic, failure);
            later(FAILED_WAIT, this::lease);
        });
    }

    private void leased(LeaseResponse lease, long askedNanos) {
        if (lease.getEventsCount() == 0) {
            boolean mayWait = System.nanoTime() - askedNanos >= FAILED_WAIT.toNanos();
            if (mayWait) {
                lease();
            } else {
                later(FAILED_WAIT, this::lease);
            }
            return;
        }
        leasedUntil();
        batch = new Batch(lease);
        next();
    }

    private void leasedUntil() {
        leasedUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WebhookRules.leaseMs(settings));
    }

    /** Sends the next event of the batch, or ends it. */
    private void next() {
        Batch now = batch();
        while (filter != null && !now.isOver() && !filter.test(now.event())) {
            now.delivered();
        }
        if (isStopped() || now.isOver()) {
            settle(now.ended(), this::lease);
            return;
        }
        long waitNanos = sentNanos + intervalNanos() - System.nanoTime();
        if (waitNanos > FAILED_WAIT.toNanos()) {
            settle(now.ended(), () -> later(Duration.ofNanos(waitNanos), this::lease));
        } else if (waitNanos > 0) {
            later(Duration.ofNanos(waitNanos), this::next);
        } else if (leasedUntilNanos - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(settings.getTimeoutMs())) {
            extend(now);
        } else {
            send(now.event());
        }
    }

    /** What the receiver allows, as the time from one request to the next. */
    private long intervalNanos() {
        int rate = webhook.row().getRequestsPerMinute();
        return rate == 0 ? 0 : TimeUnit.MINUTES.toNanos(1) / rate;
    }

    /** So that nobody else gets an event while it is being sent. */
    private void extend(Batch now) {
        ExtendLeasesRequest request = ExtendLeasesRequest.newBuilder()
                .setTopic(topic)
                .setGroup(group)
                .addTokens(now.token())
                .setVisibilityMs(WebhookRules.leaseMs(settings))
                .build();
        List<Settlement> done = now.settled();
        Runnable extend = () -> when(
                means.groups().extend(request, TIMEOUT),
                extended -> {
                    leasedUntil();
                    next();
                },
                lost -> lease());
        if (done.isEmpty()) {
            extend.run();
        } else {
            settle(done, extend);
        }
    }

    private void send(RecordedEvent event) {
        EventMessages.Message message = means.messages().of(topic, event, settings.getMode());
        Map<String, String> headers = new LinkedHashMap<>(message.headers());
        sign(event, message.body(), headers);
        sentNanos = System.nanoTime();
        when(
                means.calls()
                        .post(settings.getUrl(), headers, message.body(), Duration.ofMillis(settings.getTimeoutMs())),
                reply -> answered(event, reply),
                givenUp -> settle(batch().ended(), this::lease));
    }

    private void sign(RecordedEvent event, ByteString body, Map<String, String> headers) {
        if (!settings.getSecret().isEmpty()) {
            String id = webhook.topicId() + "-" + event.getPosition();
            headers.putAll(Signature.headers(
                    settings.getSecret(), id, means.clock().instant().getEpochSecond(), body));
        }
    }

    private void answered(RecordedEvent event, Reply reply) {
        Batch now = batch();
        if (failing != event.getPosition()) {
            failures = 0;
        }
        if (reply.isDelivered()) {
            if (failures > 0) {
                LOG.info("The webhook {} of {} goes on at {}", webhook.name(), topic, event.getPosition());
            }
            failures = 0;
            means.attempts().count(Attempts.Outcome.DELIVERED);
            now.delivered();
            next();
        } else if (reply.isGone()) {
            LOG.warn("The webhook {} of {} is retired: its receiver is gone (410)", webhook.name(), topic);
            means.attempts().count(Attempts.Outcome.GONE);
            stopped = true;
            settle(now.ended(), () -> {
                retire.accept("The address answered 410 Gone at position " + event.getPosition() + ".");
                ended.complete(null);
            });
        } else {
            failed(now, event, reply);
        }
    }

    private void failed(Batch now, RecordedEvent event, Reply reply) {
        failing = event.getPosition();
        failures++;
        if (reply.isPermanent() || failures >= settings.getAttemptsMax()) {
            LOG.warn(
                    "The webhook {} of {} gives up event {} after {} attempts: {}",
                    webhook.name(),
                    topic,
                    event.getPosition(),
                    failures,
                    reply.reason());
            failures = 0;
            means.attempts().count(Attempts.Outcome.PARKED);
            now.parked(shortened(reply.reason()));
            next();
            return;
        }
        if (failures == 1) {
            LOG.warn(
                    "The webhook {} of {} does not get on at event {}, it is tried again: {}",
                    webhook.name(),
                    topic,
                    event.getPosition(),
                    reply.reason());
        }
        means.attempts().count(Attempts.Outcome.FAILED);
        Duration delay = means.delays().after(failures, settings, reply.retryAfter());
        settle(now.ended(), () -> later(delay, this::lease));
    }

    private static String shortened(String reason) {
        return reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX);
    }

    private Batch batch() {
        Batch now = batch;
        if (now == null) {
            throw new IllegalStateException("nothing is leased");
        }
        return now;
    }

    /** What can't be settled comes again when its lease has ended: delivery is at least once. */
    private void settle(List<Settlement> settlements, Runnable next) {
        if (settlements.isEmpty()) {
            next.run();
            return;
        }
        SettleRequest request = SettleRequest.newBuilder()
                .setTopic(topic)
                .setGroup(group)
                .addAllSettlements(settlements)
                .build();
        // Not given up by a stop: it is what a stop waits for.
        Failures.whenDone(means.groups().settle(request, TIMEOUT), done -> step(next), failure -> {
            LOG.debug("What the webhook {} of {} did could not be settled", webhook.name(), topic, failure);
            step(next);
        });
    }
}
