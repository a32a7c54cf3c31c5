package io.eckermann.client;

import io.eckermann.protocol.v1.StorageView;
import java.io.IOException;

/** A {@link FakeCluster} for tests of other packages, which only need its addresses. */
public final class FakeEndpoints implements AutoCloseable {
    private final FakeCluster cluster;

    public FakeEndpoints(int nodes) throws IOException {
        cluster = new FakeCluster(nodes, 1);
    }

    /** Comma-separated. */
    public String endpoints() {
        return cluster.endpoints();
    }

    /** What every node says of its disk from now on. */
    public void storage(StorageView view) {
        cluster.storage = view;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
