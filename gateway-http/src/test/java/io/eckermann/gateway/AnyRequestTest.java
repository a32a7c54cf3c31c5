package io.eckermann.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CheckPayloadRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteSchemaRequest;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetKeyRequest;
import io.eckermann.protocol.v1.GetSchemaRequest;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListSchemasRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any request is refused by a door's rules, or applied by two replicas with the same result: what cannot be applied never
 * reaches the log. {@code -Dfuzz.requests} sends more, {@code -Dfuzz.seed} others.
 */
class AnyRequestTest {
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 4_000);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final int LOOK_EVERY = 1_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** What takes a request of one type. */
    private record Way<Q extends Message>(Q prototype, int share, Function<Q, CompletableFuture<?>> call) {
        CompletableFuture<?> send(AnyMessage any) {
            return call.apply(any.like(prototype));
        }
    }

    @Test
    void anyRequestIsRefusedOrAppliedAlikeByBothReplicas(@TempDir Path directory) throws Exception {
        assertThat(send(directory, new Random(SEED), REQUESTS, () -> true)).isGreaterThan(REQUESTS / 25);
    }

    /**
     * Sends what the dice say, as long as there is more; returns how many came through the doors' rules.
     *
     * @param directory for the replicas, empty
     */
    static long send(Path directory, Random random, int requests, BooleanSupplier more) throws Exception {
        AnyMessage any = new AnyMessage(random);
        try (Threads threads = new Threads();
                TwinShard twins = new TwinShard(directory)) {
            List<Way<?>> ways = ways(twins.shard(), threads, random);
            for (int i = 0; i < requests && more.getAsBoolean(); i++) {
                String which = "request " + i + " of seed " + SEED;
                StoreException refused =
                        refusal(ways.get(random.nextInt(ways.size())).send(any), which);
                assertThat(refused == null || refused.code() != ErrorCode.INTERNAL)
                        .as("%s: %s", which, refused)
                        .isTrue();
                if (i % LOOK_EVERY == 0) {
                    twins.assertTwins();
                }
            }
            twins.assertTwins();
            return twins.writes();
        }
    }

    /** Each as often as its share says. */
    private static List<Way<?>> ways(Shard shard, Threads threads, Random random) {
        AppendHandler appends = new AppendHandler(shard, threads.reads, Idempotency.USUAL, Quotas.NONE);
        ReadHandler reads = new ReadHandler(shard, threads.reads, threads.reads, threads.timer);
        TopicHandler topics = new TopicHandler(shard, threads.reads);
        EventHandler events = new EventHandler(shard, threads.reads);
        CursorHandler cursors = new CursorHandler(shard, threads.reads, Clock.systemUTC());
        SchemaHandler schemas = new SchemaHandler(shard, threads.reads);
        List<Way<?>> all = new ArrayList<>();
        List<Way<?>> ways = List.of(
                new Way<>(
                        AppendRequest.getDefaultInstance(),
                        8,
                        request -> appends.append(likely(request, random), TIMEOUT)),
                new Way<>(
                        AppendManyRequest.getDefaultInstance(),
                        4,
                        request -> appends.appendMany(likely(request, random), TIMEOUT)),
                new Way<>(CreateTopicRequest.getDefaultInstance(), 3, request -> topics.create(request, TIMEOUT)),
                new Way<>(UpdateTopicRequest.getDefaultInstance(), 1, request -> topics.update(request, TIMEOUT)),
                new Way<>(TruncateTopicRequest.getDefaultInstance(), 1, request -> topics.truncate(request, TIMEOUT)),
                new Way<>(DeleteTopicRequest.getDefaultInstance(), 1, request -> topics.delete(request, TIMEOUT)),
                new Way<>(DeleteEventRequest.getDefaultInstance(), 2, request -> events.delete(request, TIMEOUT)),
                new Way<>(CommitCursorRequest.getDefaultInstance(), 2, request -> cursors.commit(request, TIMEOUT)),
                new Way<>(PutSchemaRequest.getDefaultInstance(), 1, request -> schemas.put(request, TIMEOUT)),
                new Way<>(GetSchemaRequest.getDefaultInstance(), 1, request -> schemas.get(request, TIMEOUT)),
                new Way<>(ListSchemasRequest.getDefaultInstance(), 1, request -> schemas.list(request, TIMEOUT)),
                new Way<>(DeleteSchemaRequest.getDefaultInstance(), 1, request -> schemas.delete(request, TIMEOUT)),
                new Way<>(CheckPayloadRequest.getDefaultInstance(), 1, request -> schemas.check(request, TIMEOUT)),
                new Way<>(DeleteCursorRequest.getDefaultInstance(), 1, request -> cursors.delete(request, TIMEOUT)),
                new Way<>(GetCursorRequest.getDefaultInstance(), 1, request -> cursors.get(request, TIMEOUT)),
                new Way<>(ListCursorsRequest.getDefaultInstance(), 1, request -> cursors.list(request, TIMEOUT)),
                new Way<>(GetTopicRequest.getDefaultInstance(), 1, request -> topics.get(request, TIMEOUT)),
                new Way<>(ListTopicsRequest.getDefaultInstance(), 1, request -> topics.list(request, TIMEOUT)),
                new Way<>(GetHeadRequest.getDefaultInstance(), 1, request -> reads.head(request, TIMEOUT)),
                new Way<>(GetKeyRequest.getDefaultInstance(), 1, request -> reads.key(request, TIMEOUT)),
                new Way<>(ExplainRequest.getDefaultInstance(), 1, request -> reads.explain(request, TIMEOUT)));
        for (Way<?> way : ways) {
            for (int i = 0; i < way.share(); i++) {
                all.add(way);
            }
        }
        return all;
    }

    /** Any append is refused nearly always: most get fewer conditions, and some whole events as a client encodes them. */
    private static AppendRequest likely(AppendRequest any, Random random) {
        AppendRequest.Builder append = any.toBuilder();
        int choice = random.nextInt(4);
        if (choice > 0) {
            append.setTopic("t").clearProducer();
            while (append.getConditionsCount() > 0 && random.nextInt(3) > 0) {
                append.removeConditions(0);
            }
            if (choice > 1) {
                append.setIdempotencyKey(random.nextBoolean() ? "" : "k" + random.nextInt(5));
            }
        }
        if (choice > 1) {
            Event event = Event.newBuilder()
                    .setPayload(ByteString.copyFromUtf8("p" + random.nextInt(3)))
                    .setType(random.nextBoolean() ? "a" : "b")
                    .setKey(random.nextBoolean() ? "" : "a")
                    .addTags("c")
                    .setId(random.nextBoolean() ? "" : "e" + random.nextInt(50))
                    .build();
            List<Event> events =
                    List.of(event, event.toBuilder().clearTags().clearId().build());
            if (random.nextBoolean()) {
                append.setEncoded(EventsCodec.encode(events));
            } else {
                append.setEvents(Events.newBuilder().addAllEvents(events));
            }
        }
        return append.build();
    }

    /** The same of one to several topics: most are to two of those that are there mostly. */
    private static AppendManyRequest likely(AppendManyRequest any, Random random) {
        if (random.nextInt(4) == 0) {
            return any;
        }
        AppendManyRequest.Builder many = any.toBuilder().clearAppends();
        for (String topic : List.of("t", "u")) {
            many.addAppends(likely(AppendRequest.getDefaultInstance(), random).toBuilder()
                    .setTopic(topic)
                    .clearIdempotencyKey());
        }
        while (many.getCursorsCount() > 0 && random.nextInt(3) > 0) {
            many.removeCursors(0);
        }
        return many.setIdempotencyKey(random.nextBoolean() ? "" : "k" + random.nextInt(5))
                .build();
    }

    /** What it was refused with; null when it was done. Anything but a refusal fails the test. */
    private static @Nullable StoreException refusal(CompletableFuture<?> answer, String which) {
        try {
            Object unused = answer.get(TIMEOUT.toSeconds() * 3, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException refused) {
                return refused;
            }
            throw new AssertionError(which, e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(which, e);
        }
    }
}
