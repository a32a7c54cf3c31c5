package io.eckermann.gateway.webhooks;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.protocol.v1.Webhook;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.WebhookState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.log.v1.SetWebhookState;
import io.eckermann.statemachine.log.v1.WebhookChange;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the leader send the events of all webhooks that are active, and nobody else. {@link #look} is called by a timer; what
 * it finds is compared with what is under way on the calls' threads, one look at a time.
 */
public final class WebhookWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookWatch.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    private final Shard shard;
    private final Supplier<Leadership> leadership;
    private final WebhookCalls calls;
    private final Delivery.Means means;
    private final Attempts attempts = new Attempts();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean closing;

    /** Guarded by itself. */
    private final Map<Key, Delivery> deliveries = new HashMap<>();

    private record Key(long topicId, String name) {}

    /** @param nodeId as whom this node leases */
    public WebhookWatch(
            String nodeId,
            Shard shard,
            Supplier<Leadership> leadership,
            GroupUseCases groups,
            WebhookCalls calls,
            EventMessages messages,
            ScheduledExecutorService timer,
            Clock clock) {
        this.shard = shard;
        this.leadership = leadership;
        this.calls = calls;
        RetryDelays delays = new RetryDelays(() -> ThreadLocalRandom.current().nextDouble());
        this.means = new Delivery.Means(groups, calls, messages, delays, timer, clock, nodeId, attempts);
    }

    /** What this node's attempts came to. */
    public Attempts attempts() {
        return attempts;
    }

    /** Compares what is registered with what is under way; never blocks. */
    public void look() {
        if (closing || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            calls.threads().execute(() -> {
                try {
                    compare();
                } catch (RuntimeException e) {
                    LOG.warn("Webhooks could not be looked up, it is tried again: {}", e.toString());
                } finally {
                    looking.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            looking.set(false);
        }
    }

    private void compare() {
        Leadership now = leadership.get();
        boolean leads = now.role() == Leadership.Role.LEADER && now.leaderReady();
        Map<Key, WebhookState> wanted = new HashMap<>();
        if (leads && !closing) {
            for (WebhookState webhook : shard.view().webhooks(0)) {
                if (webhook.row().getState() == Webhook.State.ACTIVE) {
                    wanted.put(new Key(webhook.topicId(), webhook.name()), webhook);
                }
            }
        }
        synchronized (deliveries) {
            stopOthers(wanted);
            wanted.forEach((key, webhook) -> {
                if (!deliveries.containsKey(key)) {
                    shard.view().topic(webhook.topicId()).ifPresent(topic -> begin(key, topic, webhook));
                }
            });
        }
    }

    private void stopOthers(Map<Key, WebhookState> wanted) {
        Iterator<Map.Entry<Key, Delivery>> each = deliveries.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Key, Delivery> running = each.next();
            WebhookState webhook = wanted.get(running.getKey());
            if (running.getValue().hasEnded()) {
                each.remove();
            } else if (!running.getValue().webhook().equals(webhook)) {
                // It is gone from here when it has given back what it holds: only then another one may begin.
                CompletableFuture<Void> unused = running.getValue().stop();
            }
        }
    }

    private void begin(Key key, TopicState topic, WebhookState webhook) {
        BooleanSupplier current =
                () -> shard.view().webhook(key.topicId(), key.name()).equals(Optional.of(webhook));
        Delivery delivery = new Delivery(means, topic.name(), webhook, current, why -> retire(webhook, why));
        deliveries.put(key, delivery);
        delivery.start();
    }

    private void retire(WebhookState webhook, String why) {
        WebhookChange change = WebhookChange.newBuilder()
                .setTopicId(webhook.topicId())
                .setName(webhook.name())
                .setState(SetWebhookState.newBuilder()
                        .setState(Webhook.State.RETIRED)
                        .setReason(why)
                        .setRevision(webhook.row().getRevision()))
                .build();
        CompletableFuture<?> unused = shard.writes()
                .submit(new Operation.ChangeWebhook(change), TIMEOUT)
                .exceptionally(failure -> {
                    LOG.info("A webhook whose receiver is gone could not be retired: {}", failure.toString());
                    return null;
                });
    }

    /** Gives back what is leased, so that the next leader need not wait for it. */
    @Override
    public void close() {
        closing = true;
        List<CompletableFuture<Void>> stopping = new ArrayList<>();
        synchronized (deliveries) {
            deliveries.values().forEach(delivery -> stopping.add(delivery.stop()));
        }
        try {
            CompletableFuture.allOf(stopping.toArray(CompletableFuture[]::new))
                    .get(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.info("Not all webhooks gave back what they held; their leases end by themselves");
        } catch (ExecutionException e) {
            throw new IllegalStateException("they never fail", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
