package io.eckermann.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Changes of members that meet, and steps that take as long as the test says. */
final class MemberChangesTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ChangeMembersRequest ADD_FOURTH =
            ChangeMembersRequest.newBuilder().setAdd("grpc-4:4").build();
    private static final ChangeMembersRequest REMOVE_SECOND =
            ChangeMembersRequest.newBuilder().setRemove("n2").build();

    private final List<ChangeMembersRequest> begun = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<List<String>> outcome = new CompletableFuture<>();
    private final MemberChanges changes = new MemberChanges(request -> {
        begun.add(request);
        return outcome.get(LONG.toSeconds(), TimeUnit.SECONDS);
    });

    @Test
    void secondChangeIsRefusedWhileTheFirstIsUnderWayAndTheFirstSucceeds() {
        CompletableFuture<ChangeMembersResponse> first = changes.change(ADD_FOURTH, LONG);
        assertThatThrownBy(() -> changes.change(REMOVE_SECOND, LONG))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.MEMBERS_CHANGING))
                .hasMessageContaining("wait until it is done");
        assertThat(first).isNotDone();

        outcome.complete(List.of("n1", "n2", "n3", "n4"));
        assertThat(first.join().getMembersList()).containsExactly("n1", "n2", "n3", "n4");
        assertThat(begun).containsExactly(ADD_FOURTH);
        assertThat(changes.change(REMOVE_SECOND, LONG).join().getMembersCount()).isEqualTo(4);
        assertThat(begun).containsExactly(ADD_FOURTH, REMOVE_SECOND);
    }

    @Test
    void whoAsksForTheSameWaitsForTheOneThatIsUnderWay() {
        CompletableFuture<ChangeMembersResponse> first = changes.change(ADD_FOURTH, LONG);
        CompletableFuture<ChangeMembersResponse> again = changes.change(ADD_FOURTH, LONG);
        outcome.complete(List.of("n4"));
        assertThat(again.join()).isEqualTo(first.join());
        assertThat(begun).containsExactly(ADD_FOURTH);
    }

    @Test
    void changeThatTakesLongerThanItsCallerWaitsGoesOnAndKeepsOthersOut() {
        assertThatThrownBy(
                        () -> changes.change(ADD_FOURTH, Duration.ofMillis(1)).join())
                .hasMessageContaining("COMMIT_TIMED_OUT");
        assertThatThrownBy(() -> changes.change(REMOVE_SECOND, LONG)).hasMessageContaining("Another change");
        outcome.complete(List.of("n4"));
        assertThat(changes.change(ADD_FOURTH, LONG).join().getMembersList()).containsExactly("n4");
    }

    @Test
    void changeThatFailedLeavesRoomForAnother() {
        outcome.completeExceptionally(new StoreException(ErrorCode.NODE_REFUSED, "Not this one."));
        assertThatThrownBy(() -> changes.change(ADD_FOURTH, LONG).join()).hasStackTraceContaining("Not this one.");
        outcome = CompletableFuture.completedFuture(List.of("n1"));
        assertThat(changes.change(REMOVE_SECOND, LONG).join().getMembersList()).containsExactly("n1");
    }
}
