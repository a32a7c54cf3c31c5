package io.eckermann.raftlog;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.command.Result;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Puts one entry into the replicated log; what the {@link Batcher} hands its entries to. */
public interface Proposer {
    /**
     * Proposes an entry. Entries are proposed one after the other, never two at once, and are applied in that order.
     *
     * @param entry an encoded command; nobody changes its bytes any more
     * @return what apply returned for it, completed on any thread; fails with a StoreException
     */
    CompletableFuture<List<Result>> propose(ByteString entry);
}
