package io.eckermann.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Quota;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.TopicState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class QuotasTest {
    private static final Principal BUSY = new Principal("busy", List.of(), "", 0);
    private static final Principal OTHER = new Principal("other", List.of(), "", 0);

    private final AtomicLong nanoTime = new AtomicLong(1);

    @Test
    void whoeverHasHadEnoughWaitsAndNobodyElseDoes() {
        Quotas quotas = quotas("busy", Quota.newBuilder().setEventsPerSecond(10));
        quotas.take(BUSY, List.of("orders"), 10, 100);
        StoreException refused = refused(() -> quotas.take(BUSY, List.of("orders"), 1, 100));
        assertThat(refused.facts()).containsEntry("quota", "busy").containsEntry("bound", "events_per_second");
        assertThat(quotas.refusals())
                .containsOnlyKeys(
                        "bytes_per_second",
                        "connections",
                        "events_per_second",
                        "read_bytes_per_second",
                        "requests",
                        "stored_bytes")
                .containsEntry("events_per_second", 1L)
                .containsEntry("requests", 0L);
        quotas.take(OTHER, List.of("orders"), 1_000, 100);
        pass(Duration.ofMillis(100));
        quotas.take(BUSY, List.of("orders"), 1, 100);
    }

    @Test
    void whatIsLargerThanASecondsWorthIsLetInAndMadeUpFor() {
        Quotas quotas = quotas("busy", Quota.newBuilder().setBytesPerSecond(1_000));
        quotas.take(BUSY, List.of("orders"), 1, 5_000);
        assertThat(refused(() -> quotas.take(BUSY, List.of("orders"), 1, 1)).facts())
                .containsEntry(StoreException.RETRY_AFTER_MS, "4001");
        pass(Duration.ofMillis(4_001));
        quotas.take(BUSY, List.of("orders"), 1, 1);
    }

    @Test
    void aTopicsQuotaIsForAllOfThem() {
        Quotas quotas = quotas("topic:orders", Quota.newBuilder().setEventsPerSecond(2));
        quotas.take(BUSY, List.of("orders"), 2, 1);
        assertThat(refused(() -> quotas.take(OTHER, List.of("orders"), 1, 1)).facts())
                .containsEntry("quota", "topic:orders");
        quotas.take(OTHER, List.of("invoices"), 1, 1);
    }

    @Test
    void aFullTopicTakesNothingUntilThereIsRoom() {
        Quotas quotas = quotas("topic:orders", Quota.newBuilder().setStoredBytes(1_000));
        quotas.take(BUSY, List.of("orders"), 1, 5_000);
        quotas.look(name -> topic(name, 1_000));
        assertThat(refused(() -> quotas.take(BUSY, List.of("orders"), 1, 1)).facts())
                .containsEntry("bound", "stored_bytes");
        quotas.look(name -> topic(name, 999));
        quotas.take(BUSY, List.of("orders"), 1, 1);
    }

    @Test
    void requestsUnderWayAreCountedUntilTheyAreOver() {
        Quotas quotas = quotas("busy", Quota.newBuilder().setRequests(2));
        Runnable first = quotas.begin(BUSY, new CallerConnection());
        quotas.begin(BUSY, new CallerConnection());
        refused(() -> quotas.begin(BUSY, new CallerConnection()));
        quotas.begin(OTHER, new CallerConnection());
        first.run();
        quotas.begin(BUSY, new CallerConnection());
    }

    @Test
    void connectionsCountOnceForEachPrincipalUntilTheyAreClosed() {
        Quotas quotas = quotas("busy", Quota.newBuilder().setConnections(2));
        CallerConnection first = new CallerConnection();
        CallerConnection second = new CallerConnection();
        for (CallerConnection one : List.of(first, second, first)) {
            quotas.begin(BUSY, one);
        }
        CallerConnection third = new CallerConnection();
        assertThat(refused(() -> quotas.begin(BUSY, third)).facts()).containsEntry("bound", "connections");
        quotas.begin(OTHER, third);
        first.ended();
        first.ended();
        quotas.begin(BUSY, third);
        refused(() -> quotas.begin(BUSY, new CallerConnection()));
    }

    @Test
    void whoeverWasGivenMoreThanItsShareReadsOnLater() {
        Quotas quotas = quotas("busy", Quota.newBuilder().setReadBytesPerSecond(1_000));
        quotas.beginRead(BUSY);
        quotas.read(BUSY, 3_000);
        assertThat(quotas.readWaitMs(BUSY)).isEqualTo(2_001);
        assertThat(refused(() -> quotas.beginRead(BUSY)).facts())
                .containsEntry("bound", "read_bytes_per_second")
                .containsEntry(StoreException.RETRY_AFTER_MS, "2001");
        quotas.beginRead(OTHER);
        pass(Duration.ofMillis(2_001));
        quotas.beginRead(BUSY);
    }

    private static TopicState topic(String name, long bytes) {
        return new TopicState(1, name, TopicSettings.getDefaultInstance(), 0, 1, 0, bytes, 0);
    }

    private Quotas quotas(String subject, Quota.Builder quota) {
        return QuotaOf.the(subject, quota, nanoTime::get);
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    private static StoreException refused(ThrowingCallable act) {
        StoreException refused = catchThrowableOfType(StoreException.class, act);
        assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
        return refused;
    }
}
