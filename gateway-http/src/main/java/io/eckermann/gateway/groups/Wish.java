package io.eckermann.gateway.groups;

import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.LeaseResponse.Idle;
import io.eckermann.statemachine.log.v1.LeaseWish;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One member's request to lease, from when it comes until it is answered. Its fields belong to its desk's lock. */
final class Wish {
    final LeaseWish wish;
    /** Done when nobody waits any more. */
    final CompletableFuture<LeaseResponse> answer;

    /** Whether it is in a command that is under way. */
    boolean asked;
    /** Whether it never was in one. */
    boolean fresh = true;
    /** Whether its time was over while it was asked. */
    boolean late;

    Idle idle = Idle.NOTHING_NEW;

    @Nullable
    Future<?> alarm;

    Wish(LeaseWish wish, CompletableFuture<LeaseResponse> answer) {
        this.wish = wish;
        this.answer = answer;
    }

    LeaseResponse nothing() {
        return LeaseResponse.newBuilder().setIdle(idle).build();
    }
}
