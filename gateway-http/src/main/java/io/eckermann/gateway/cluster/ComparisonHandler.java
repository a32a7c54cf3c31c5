package io.eckermann.gateway.cluster;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shard;
import io.eckermann.protocol.v1.CompareStatesRequest;
import io.eckermann.protocol.v1.CompareStatesResponse;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link Comparisons}, by one entry in each shard's log. */
public final class ComparisonHandler implements Comparisons {
    private final List<Shard> shards;

    /** @param shards all of them, by number */
    public ComparisonHandler(List<Shard> shards) {
        this.shards = shards;
    }

    @Override
    public CompletableFuture<CompareStatesResponse> compare(CompareStatesRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            List<CompletableFuture<Result>> marks = shards.stream()
                    .map(shard -> shard.writes().submit(new Operation.MarkState(), timeout))
                    .toList();
            return CompletableFuture.allOf(marks.toArray(CompletableFuture[]::new))
                    .thenApply(done -> {
                        CompareStatesResponse.Builder response = CompareStatesResponse.newBuilder();
                        for (CompletableFuture<Result> mark : marks) {
                            response.addMarksBuilder()
                                    .setShard(response.getMarksCount() - 1)
                                    .setRaftIndex(((Result.StateMarked) mark.join()).raftIndex());
                        }
                        return response.build();
                    });
        });
    }
}
