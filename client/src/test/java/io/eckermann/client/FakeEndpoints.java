package io.eckermann.client;

import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.ExplainResponse;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.StorageView;
import java.io.IOException;
import java.util.List;
import java.util.Map;

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

    /** The state of a node is another one than the others' from now on. */
    public void oneDiffers(String id) {
        cluster.differing = id;
    }

    /** Which node, from 0, leads each of so many shards. */
    public void lead(List<Integer> indexes) {
        cluster.lead(indexes);
    }

    /** What copies consist of from now on. */
    public void copies(long raftIndex, Map<String, byte[]> files) {
        synchronized (cluster) {
            cluster.copyIndex = raftIndex;
            cluster.files.clear();
            cluster.files.putAll(files);
        }
    }

    /** The next copies break off when everything was sent. */
    public void breakCopies(int count) {
        synchronized (cluster) {
            cluster.copiesToBreak = count;
        }
    }

    /** The files that copies were asked for since the last time. */
    public List<String> filesSent() {
        synchronized (cluster) {
            List<String> sent = List.copyOf(cluster.filesSent);
            cluster.filesSent.clear();
            return sent;
        }
    }

    /** What every conditional append is refused with from now on. */
    public void refuse(long head, Conflict... conflicts) {
        cluster.nodes.forEach(node -> {
            node.log.conflictsHead = head;
            node.log.conflicts = List.of(conflicts);
        });
    }

    /** The last conditional append. */
    public AppendRequest lastConditional() {
        return cluster.nodes.stream()
                .flatMap(node -> node.log.conditional.stream())
                .reduce((before, last) -> last)
                .orElseThrow();
    }

    /** The last read of any node that was asked for one. */
    public ReadRequest lastRead() {
        return cluster.nodes.stream()
                .map(node -> node.log.lastRead)
                .filter(read -> !read.getTopic().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** What every explanation is from now on. */
    public void explain(ExplainResponse answer) {
        cluster.nodes.forEach(node -> node.log.explained = answer);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
