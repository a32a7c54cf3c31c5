package io.eckermann.client;

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

    @Override
    public void close() {
        cluster.close();
    }
}
