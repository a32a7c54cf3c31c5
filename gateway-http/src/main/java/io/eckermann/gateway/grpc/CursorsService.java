package io.eckermann.gateway.grpc;

import io.eckermann.gateway.cursors.CursorHandler;
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

/** {@code eckermann.v1.Cursors}. */
public final class CursorsService extends CursorsGrpc.CursorsImplBase {
    private final CursorHandler cursors;

    public CursorsService(CursorHandler cursors) {
        this.cursors = cursors;
    }

    @Override
    public void commitCursor(CommitCursorRequest request, StreamObserver<Cursor> observer) {
        Calls.answer(observer, timeout -> cursors.commit(request, timeout));
    }

    @Override
    public void getCursor(GetCursorRequest request, StreamObserver<Cursor> observer) {
        Calls.answer(observer, timeout -> cursors.get(request, timeout));
    }

    @Override
    public void listCursors(ListCursorsRequest request, StreamObserver<ListCursorsResponse> observer) {
        Calls.answer(observer, timeout -> cursors.list(request, timeout));
    }

    @Override
    public void resetCursor(ResetCursorRequest request, StreamObserver<Cursor> observer) {
        Calls.answer(observer, timeout -> cursors.reset(request, timeout));
    }

    @Override
    public void deleteCursor(DeleteCursorRequest request, StreamObserver<DeleteCursorResponse> observer) {
        Calls.answer(observer, timeout -> cursors.delete(request, timeout));
    }
}
