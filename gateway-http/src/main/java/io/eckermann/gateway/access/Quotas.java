package io.eckermann.gateway.access;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Quota;
import io.eckermann.statemachine.TopicState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How much principals, and all callers of a topic together, may do at this node: of events and bytes a second by token
 * buckets, of requests and connections at a time, and of what a topic holds. Each node counts for itself. Costs a look at memory where there
 * is no quota. Safe from any thread; never blocks.
 */
public final class Quotas {
    /** Everybody may do as much as they can. */
    public static final Quotas NONE = new Quotas(() -> null, System::nanoTime);

    private static final String TOPIC = "topic:";
    private static final String EVENTS = "events_per_second";
    private static final String BYTES = "bytes_per_second";
    private static final String REQUESTS = "requests";
    private static final String STORED = "stored_bytes";
    private static final String CONNECTIONS = "connections";
    private static final String READ_BYTES = "read_bytes_per_second";
    private static final long FULL_RETRY_MS = 5_000;
    private static final long BUSY_RETRY_MS = 100;
    private static final long CONNECTED_RETRY_MS = 1_000;

    private final Supplier<@Nullable AccessBook> book;
    private final LongSupplier nanoTime;
    private final Map<String, TokenBucket> events = new ConcurrentHashMap<>();
    private final Map<String, TokenBucket> bytes = new ConcurrentHashMap<>();
    private final Map<String, TokenBucket> readBytes = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> connections = new ConcurrentHashMap<>();
    /** By what was bounded. */
    private final Map<String, LongAdder> refusals = Stream.of(EVENTS, BYTES, REQUESTS, STORED, CONNECTIONS, READ_BYTES)
            .collect(Collectors.toUnmodifiableMap(bound -> bound, bound -> new LongAdder()));
    /** Of topics that have a quota of what they hold; looked at again and again. */
    private volatile Map<String, Long> stored = Map.of();

    Quotas(Supplier<@Nullable AccessBook> book, LongSupplier nanoTime) {
        this.book = book;
        this.nanoTime = nanoTime;
    }

    /** Those that are said among the rules. */
    public static Quotas of(Access access, LongSupplier nanoTime) {
        return new Quotas(access::book, nanoTime);
    }

    /**
     * Lets an append pass.
     *
     * @param topics it is to
     * @throws StoreException OVERLOADED, with {@code retry_after_ms}
     */
    public void take(Principal principal, List<String> topics, long eventCount, long byteCount) {
        AccessBook now = book.get();
        if (now == null || !now.hasQuotas()) {
            return;
        }
        for (String topic : topics) {
            String subject = TOPIC + topic;
            Quota quota = now.quota(subject);
            if (quota != null
                    && quota.getStoredBytes() > 0
                    && stored.getOrDefault(topic, 0L) >= quota.getStoredBytes()) {
                throw refusal(subject, STORED, FULL_RETRY_MS);
            }
            take(now, subject, eventCount, byteCount);
        }
        take(now, principal.name(), eventCount, byteCount);
    }

    private void take(AccessBook now, String subject, long eventCount, long byteCount) {
        Quota quota = now.quota(subject);
        if (quota == null) {
            return;
        }
        take(events, subject, Math.max(0, eventCount), quota.getEventsPerSecond(), EVENTS);
        try {
            take(bytes, subject, byteCount, quota.getBytesPerSecond(), BYTES);
        } catch (StoreException e) {
            TokenBucket taken = events.get(subject);
            if (taken != null && quota.getEventsPerSecond() > 0) {
                taken.give(Math.max(0, eventCount));
            }
            throw e;
        }
    }

    private void take(Map<String, TokenBucket> buckets, String subject, long count, long perSecond, String bound) {
        if (perSecond > 0) {
            long waitMs = buckets.computeIfAbsent(subject, any -> new TokenBucket())
                    .take(count, perSecond, nanoTime.getAsLong());
            if (waitMs > 0) {
                throw refusal(subject, bound, waitMs);
            }
        }
    }

    /**
     * A request of the principal begins.
     *
     * @return to be run once when it is over
     * @throws StoreException OVERLOADED when it has as many under way as it may, or this is one connection too many
     */
    Runnable begin(Principal principal, CallerConnection connection) {
        Quota quota = quota(principal);
        if (quota != null && quota.getConnections() > 0) {
            AtomicInteger all = connections.computeIfAbsent(principal.name(), any -> new AtomicInteger());
            if (!connection.countFor(principal.name(), all, quota.getConnections())) {
                throw refusal(principal.name(), CONNECTIONS, CONNECTED_RETRY_MS);
            }
        }
        if (quota == null || quota.getRequests() == 0) {
            return () -> {};
        }
        AtomicInteger underWay = requests.computeIfAbsent(principal.name(), any -> new AtomicInteger());
        if (underWay.incrementAndGet() > quota.getRequests()) {
            underWay.decrementAndGet();
            throw refusal(principal.name(), REQUESTS, BUSY_RETRY_MS);
        }
        return underWay::decrementAndGet;
    }

    private @Nullable Quota quota(Principal principal) {
        AccessBook now = book.get();
        return now == null ? null : now.quota(principal.name());
    }

    /**
     * A read of the principal begins.
     *
     * @throws StoreException OVERLOADED, with {@code retry_after_ms}, when it was given more than it may have for now
     */
    public void beginRead(Principal principal) {
        long waitMs = readWaitMs(principal);
        if (waitMs > 0) {
            throw refusal(principal.name(), READ_BYTES, waitMs);
        }
    }

    /** In how many milliseconds reads of the principal may be given more; 0: now. */
    public long readWaitMs(Principal principal) {
        Quota quota = quota(principal);
        if (quota == null || quota.getReadBytesPerSecond() == 0) {
            return 0;
        }
        return readBytes
                .computeIfAbsent(principal.name(), any -> new TokenBucket())
                .take(0, quota.getReadBytesPerSecond(), nanoTime.getAsLong());
    }

    /** A read of the principal was given so much. */
    public void read(Principal principal, long byteCount) {
        TokenBucket bucket = readBytes.get(principal.name());
        if (bucket != null && byteCount > 0) {
            bucket.spend(byteCount);
        }
    }

    /** Looks at what topics hold that may hold so much; may touch the disk. */
    public void look(Function<String, @Nullable TopicState> topics) {
        AccessBook now = book.get();
        if (now == null || !now.hasQuotas()) {
            return;
        }
        Map<String, Long> sizes = new ConcurrentHashMap<>();
        now.bounded(TOPIC).forEach(subject -> {
            String name = subject.substring(TOPIC.length());
            TopicState topic = topics.apply(name);
            sizes.put(name, topic == null ? 0 : topic.sizeBytes());
        });
        stored = sizes;
    }

    /** How often it has refused, by what was bounded: each bound there is. */
    public Map<String, Long> refusals() {
        Map<String, Long> counts = new TreeMap<>();
        refusals.forEach((bound, count) -> counts.put(bound, count.sum()));
        return counts;
    }

    private StoreException refusal(String subject, String bound, long waitMs) {
        Objects.requireNonNull(refusals.get(bound)).increment();
        return new StoreException(ErrorCode.OVERLOADED, "A quota is used up for now: wait, or have it raised.")
                .with("quota", subject)
                .with("bound", bound)
                .with(StoreException.RETRY_AFTER_MS, waitMs);
    }
}
