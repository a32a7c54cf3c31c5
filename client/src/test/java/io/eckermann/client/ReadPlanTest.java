package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ReadStarted;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReadPlanTest {
    @Test
    void whatWasLookedAtWithoutAFindIsNotAskedForAgain() {
        ReadPlan plan = begun(ReadOptions.builder().filter("false").follow().build(), 1);
        plan.lookedAt(500);
        assertThat(rest(plan).getFrom()).isEqualTo(500);
        assertThat(rest(plan).getFilter()).isEqualTo("false");
        plan.lookedAt(0);
        plan.lookedAt(400);
        assertThat(rest(plan).getFrom()).isEqualTo(500);
    }

    @Test
    void backwardItIsTheSame() {
        ReadPlan plan = begun(ReadOptions.builder().filter("false").backward().build(), 1_000);
        plan.lookedAt(500);
        plan.lookedAt(700);
        assertThat(rest(plan).getFrom()).isEqualTo(500);
    }

    private static ReadPlan begun(ReadOptions options, long position) {
        ReadPlan plan = new ReadPlan("orders", options);
        plan.begun(ReadStarted.newBuilder().setPosition(position).setHead(1_000).build());
        return plan;
    }

    private static ReadRequest rest(ReadPlan plan) {
        return Objects.requireNonNull(plan.rest());
    }
}
