package io.eckermann.client;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.DeleteCursorResponse;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListCursorsResponse;
import io.eckermann.protocol.v1.ResetCursorRequest;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/** Cursors of the fake, named consumer/topic. */
final class FakeCursors extends CursorsGrpc.CursorsImplBase {
    private final FakeCluster cluster;

    FakeCursors(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void commitCursor(CommitCursorRequest request, StreamObserver<Cursor> answer) {
        synchronized (cluster) {
            String name = request.getConsumer() + "/" + request.getTopic();
            long now = cluster.cursors.getOrDefault(name, 0L);
            if (request.hasExpected() && request.getExpected() != now) {
                answer.onError(FakeErrors.error(ErrorCode.CURSOR_MOVED, Map.of("position", "" + now)));
                return;
            }
            if (request.getPosition() < now && !request.getAllowRewind()) {
                answer.onError(FakeErrors.error(ErrorCode.CURSOR_WOULD_REWIND, Map.of("position", "" + now)));
                return;
            }
            cluster.cursors.put(name, request.getPosition());
            answer.onNext(view(name));
        }
        answer.onCompleted();
    }

    /** By position or to an end; a time leads behind its number of seconds. */
    @Override
    public void resetCursor(ResetCursorRequest request, StreamObserver<Cursor> answer) {
        synchronized (cluster) {
            String name = request.getConsumer() + "/" + request.getTopic();
            long head = cluster.topic(request.getTopic()).events.size();
            long asked = switch (request.getToCase()) {
                case POSITION -> request.getPosition();
                case TIME -> request.getTime().getRecordedNs() / 1_000_000_000L;
                default -> request.getEnd() == ResetCursorRequest.End.LATEST ? head : 0;
            };
            cluster.cursors.put(name, Math.min(asked, head));
            answer.onNext(view(name).toBuilder().setSnapped(asked > head).build());
        }
        answer.onCompleted();
    }

    @Override
    public void getCursor(GetCursorRequest request, StreamObserver<Cursor> answer) {
        synchronized (cluster) {
            String name = request.getConsumer() + "/" + request.getTopic();
            if (!cluster.cursors.containsKey(name)) {
                answer.onError(FakeErrors.error(ErrorCode.CURSOR_NOT_FOUND, Map.of()));
                return;
            }
            answer.onNext(view(name));
        }
        answer.onCompleted();
    }

    @Override
    public void listCursors(ListCursorsRequest request, StreamObserver<ListCursorsResponse> answer) {
        ListCursorsResponse.Builder list = ListCursorsResponse.newBuilder();
        synchronized (cluster) {
            cluster.cursors.keySet().forEach(name -> list.addCursors(view(name)));
        }
        answer.onNext(list.build());
        answer.onCompleted();
    }

    @Override
    public void deleteCursor(DeleteCursorRequest request, StreamObserver<DeleteCursorResponse> answer) {
        synchronized (cluster) {
            if (cluster.cursors.remove(request.getConsumer() + "/" + request.getTopic()) == null) {
                answer.onError(FakeErrors.error(ErrorCode.CURSOR_NOT_FOUND, Map.of()));
                return;
            }
        }
        answer.onNext(DeleteCursorResponse.getDefaultInstance());
        answer.onCompleted();
    }

    private Cursor view(String name) {
        int slash = name.indexOf('/');
        String topic = name.substring(slash + 1);
        long position = cluster.cursors.getOrDefault(name, 0L);
        long head = cluster.topic(topic).events.size();
        return Cursor.newBuilder()
                .setConsumer(name.substring(0, slash))
                .setTopic(topic)
                .setPosition(position)
                .setHead(head)
                .setLag(head - position)
                .setNext(position + 1)
                .setLagBytes(10 * (head - position))
                .setLagNs((head - position) * 3_700_000_000_000L)
                .build();
    }
}
