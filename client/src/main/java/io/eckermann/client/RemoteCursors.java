package io.eckermann.client;

import io.eckermann.client.transport.Calls;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link Cursors} by calls to any node. */
final class RemoteCursors implements Cursors {
    private final Calls calls;

    RemoteCursors(Calls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<CursorPosition> commit(
            String consumer, String topic, long position, CommitOptions options) {
        CommitCursorRequest.Builder request = CommitCursorRequest.newBuilder()
                .setConsumer(consumer)
                .setTopic(topic)
                .setPosition(position)
                .setAllowRewind(options.allowRewind())
                .setNearest(options.nearest());
        options.expected().ifPresent(request::setExpected);
        return Failures.mapped(calls.commitCursor(request.build()), Wire::cursor);
    }

    @Override
    public CompletableFuture<CursorPosition> reset(String consumer, String topic, CursorReset to) {
        return Failures.mapped(calls.resetCursor(to.wire(consumer, topic)), Wire::cursor);
    }

    @Override
    public CompletableFuture<CursorPosition> get(String consumer, String topic, Consistency consistency) {
        GetCursorRequest request = GetCursorRequest.newBuilder()
                .setConsumer(consumer)
                .setTopic(topic)
                .setConsistency(Wire.consistency(consistency))
                .build();
        return Failures.mapped(calls.getCursor(request), Wire::cursor);
    }

    @Override
    public CompletableFuture<List<CursorPosition>> list(String topic, String consumer, Consistency consistency) {
        ListCursorsRequest request = ListCursorsRequest.newBuilder()
                .setTopic(topic)
                .setConsumer(consumer)
                .setConsistency(Wire.consistency(consistency))
                .build();
        return Failures.mapped(
                calls.listCursors(request),
                list -> list.getCursorsList().stream().map(Wire::cursor).toList());
    }

    @Override
    public CompletableFuture<Void> delete(String consumer, String topic) {
        DeleteCursorRequest request = DeleteCursorRequest.newBuilder()
                .setConsumer(consumer)
                .setTopic(topic)
                .build();
        return Failures.mapped(calls.deleteCursor(request), done -> null);
    }
}
