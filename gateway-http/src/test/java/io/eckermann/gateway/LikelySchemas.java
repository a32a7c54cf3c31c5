package io.eckermann.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.TimestampProto;
import io.eckermann.protocol.v1.CheckPayloadRequest;
import io.eckermann.protocol.v1.DeleteSchemaRequest;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.Schema;
import java.util.List;
import java.util.Random;

/** Requests about schemas that may come further than any would: documents that are ones, and payloads that fit some. */
final class LikelySchemas {
    private static final List<String> DOCUMENTS = List.of(
            "{}",
            "true",
            "{\"type\":\"object\",\"required\":[\"a\"]}",
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":0}},\"additionalProperties\":false}",
            "{\"$ref\":\"#\"}",
            "{\"$ref\":\"http://127.0.0.1/other\"}",
            "{\"anyOf\":[{\"$ref\":\"#/$defs/x\"}],\"$defs\":{\"x\":{\"pattern\":\"^(a|b)*$\"}}}",
            "{\"type\":17}",
            "[".repeat(200),
            "");
    private static final List<String> PAYLOADS = List.of(
            "{\"a\":1}", "{\"a\":-1,\"b\":2}", "{\"b\":1}", "{}", "p0", "\u0008\u0001", "", "{\"a\":".repeat(100));
    private static final ByteString TIMESTAMPS = FileDescriptorSet.newBuilder()
            .addFile(TimestampProto.getDescriptor().toProto())
            .build()
            .toByteString();

    private final Random random;

    LikelySchemas(Random random) {
        this.random = random;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean isRare() {
        return random.nextInt(4) == 0;
    }

    /** Of the types that events have. */
    PutSchemaRequest put(PutSchemaRequest any) {
        if (isRare()) {
            return any;
        }
        PutSchemaRequest.Builder put = any.toBuilder().setTopic("t").setType(random.nextBoolean() ? "a" : "b");
        return isRare()
                ? put.setFormat(Schema.Format.PROTOBUF)
                        .setContent(TIMESTAMPS)
                        .setMessage("google.protobuf.Timestamp")
                        .build()
                : put.setFormat(Schema.Format.JSON_SCHEMA)
                        .setContent(ByteString.copyFromUtf8(one(DOCUMENTS)))
                        .clearMessage()
                        .build();
    }

    CheckPayloadRequest check(CheckPayloadRequest any) {
        return isRare()
                ? any
                : any.toBuilder()
                        .setTopic("t")
                        .setType(random.nextBoolean() ? "a" : "b")
                        .setVersion(random.nextInt(3))
                        .setPayload(payload())
                        .build();
    }

    /** The newest, or one of the first. */
    DeleteSchemaRequest delete(DeleteSchemaRequest any) {
        return isRare()
                ? any
                : any.toBuilder()
                        .setTopic("t")
                        .setType(random.nextBoolean() ? "a" : "b")
                        .setVersion(random.nextInt(5))
                        .build();
    }

    /** What a schema may be about. */
    ByteString payload() {
        return ByteString.copyFromUtf8(one(PAYLOADS));
    }
}
