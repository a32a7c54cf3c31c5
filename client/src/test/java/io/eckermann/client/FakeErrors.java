package io.eckermann.client;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.eckermann.protocol.ErrorCode;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;

/** Errors as a server sends them: a status with google.rpc.ErrorInfo. */
final class FakeErrors {
    private FakeErrors() {}

    static StatusRuntimeException error(ErrorCode code, Map<String, String> facts) {
        ErrorInfo info = ErrorInfo.newBuilder()
                .setReason(code.name())
                .setDomain("eckermann.io")
                .putAllMetadata(facts)
                .build();
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(Code.valueOf(code.grpcStatus()).getNumber())
                .setMessage("The fake says " + code + ".")
                .addDetails(Any.pack(info))
                .build());
    }
}
