package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class LeaderSpreadTest {
    private final Map<String, Long> ready = new HashMap<>(Map.of("n1", 1L, "n2", 1L, "n3", 1L));
    private final Set<Integer> led = new HashSet<>(Set.of(0, 1, 2, 3));
    private final List<String> handedOn = new ArrayList<>();
    private CompletableFuture<Void> outcome = CompletableFuture.completedFuture(null);
    private final LeaderSpread spread =
            new LeaderSpread("n1", 4, () -> List.of("n3", "n1", "n2"), () -> ready, led::contains, this::transfer);

    private CompletableFuture<Void> transfer(int shard, String to) {
        handedOn.add(shard + " to " + to);
        return outcome.whenComplete((done, failure) -> {
            if (failure == null) {
                led.remove(shard);
            }
        });
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            spread.look();
        }
    }

    @Test
    void shardsGoRoundTheMembersOneAtATime() {
        look(3);
        assertThat(handedOn).isEmpty();
        look(1);
        assertThat(handedOn).containsExactly("1 to n2");
        look(10);
        assertThat(handedOn).containsExactly("1 to n2", "2 to n3");
        assertThat(led).containsExactlyInAnyOrder(0, 3);
    }

    @Test
    void theNextOneWaitsForTheOneUnderWayAndOneThatFailedIsTriedAgain() {
        outcome = new CompletableFuture<>();
        look(20);
        assertThat(handedOn).containsExactly("1 to n2");
        outcome.completeExceptionally(new IllegalStateException("too slow"));
        outcome = CompletableFuture.completedFuture(null);
        look(10);
        assertThat(handedOn).containsExactly("1 to n2", "1 to n2", "2 to n3");
    }

    @Test
    void nodesThatAreNotReadyGetNothingUntilTheyAre() {
        ready.remove("n2");
        look(10);
        assertThat(handedOn).containsExactly("2 to n3");
        ready.put("n2", 1L);
        look(10);
        assertThat(handedOn).containsExactly("2 to n3", "1 to n2");
    }

    @Test
    void whatSomebodyAskedForStaysUntilNodesComeOrGo() {
        look(10);
        led.add(1);
        spread.leaveAlone();
        look(20);
        assertThat(led).contains(1);
        ready.put("n3", 2L);
        look(10);
        assertThat(led).doesNotContain(1);
    }

    @Test
    void nothingMovesWhileItIsHeld() {
        spread.hold(true);
        look(20);
        assertThat(handedOn).isEmpty();
        spread.hold(false);
        look(20);
        assertThat(handedOn).hasSize(2);
    }
}
