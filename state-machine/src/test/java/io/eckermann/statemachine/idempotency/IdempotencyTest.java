package io.eckermann.statemachine.idempotency;

import static io.eckermann.statemachine.condition.Conditional.absent;
import static io.eckermann.statemachine.condition.Conditional.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyTest {
    private static final int KEPT_MAX = 3;
    private static final long KEPT_NS = 1_000;

    @TempDir
    Path directory;

    private TestStore store;
    private long topic;
    private long now = 10_000;

    @BeforeEach
    void open() {
        store = new TestStore(directory);
        topic = store.createTopic("orders");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void retryGetsTheFirstResultAndIsNotJudgedByItsConditions() {
        Result.Appended first = appended(append("one", "a"));
        appended(append("two", "b"));
        Result.Appended again = appended(append("one", "a"));
        assertThat(again).isEqualTo(new Result.Appended(first.first(), 1, 2, first.recordedNs(), true));
        assertThat(store.payloads(topic)).hasSize(2);
    }

    @Test
    void retryIsKnownAfterASnapshotAndARestart() {
        Result.Appended first = appended(append("one", "a"));
        store.machine().takeSnapshot();
        store.reopen();
        assertThat(appended(append("one", "a")).first()).isEqualTo(first.first());
        assertThat(store.payloads(topic)).hasSize(1);
    }

    @Test
    void sameKeyWithAnotherRequestIsRefused() {
        appended(append("one", "a"));
        assertThat(((Result.Refused) append("one", "b")).code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
        long other = store.createTopic("others");
        assertThat(((Result.Refused) append(other, "one", "a")).code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void refusedRequestIsJudgedAnew() {
        appended(append("one", "a"));
        assertThat(append("two", "a")).isInstanceOf(Result.Refused.class);
        assertThat(appended(append("two", "b")).duplicate()).isFalse();
    }

    @Test
    void oldestAreForgottenWhenThereAreTooMany() {
        for (int i = 0; i <= KEPT_MAX; i++) {
            appended(append("r" + i, "k" + i));
        }
        assertThat(appended(append("r1", "k1")).duplicate()).isTrue();
        // The first is forgotten: it is judged as a new one, and finds its own event.
        assertThat(append("r0", "k0")).isInstanceOf(Result.Refused.class);
    }

    @Test
    void tooOldOnesAreForgotten() {
        appended(append("one", "a"));
        now += KEPT_NS + 1;
        assertThat(append("one", "a")).isInstanceOf(Result.Refused.class);
        assertThat(appended(append("one", "b")).duplicate()).isFalse();
        assertThat(appended(append("one", "b")).duplicate()).isTrue();
    }

    /** An event of a key that must be new; the key is the request's body, too. */
    private Result append(String request, String key) {
        return append(topic, request, key);
    }

    private Result append(long into, String request, String key) {
        return store.commit(
                now++,
                TestStore.append(
                        into,
                        List.of(event("t", key)),
                        List.of(absent(key)),
                        new Particulars.Request("somebody", request, ByteString.copyFromUtf8(key), KEPT_MAX, KEPT_NS)));
    }

    private static Result.Appended appended(Result result) {
        assertThat(result).isInstanceOf(Result.Appended.class);
        return (Result.Appended) result;
    }
}
