package io.eckermann.gateway.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Schema;

/** Schemas and payloads as anybody may send them: schema, a zero byte, payload; of Protobuf the schema alone. */
class SchemasFuzzTest {
    private static final int FAULTS_MAX = 10;

    @FuzzTest
    void aJsonSchemaIsRefusedOrJudgesPayloads(byte[] data) {
        int end = 0;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        ByteString payload =
                end < data.length ? ByteString.copyFrom(data, end + 1, data.length - end - 1) : ByteString.EMPTY;
        judge(Schema.Format.JSON_SCHEMA, ByteString.copyFrom(data, 0, end), "", payload);
    }

    @FuzzTest
    void aDescriptorIsRefusedOrJudgesPayloads(byte[] data) {
        ByteString all = ByteString.copyFrom(data);
        judge(Schema.Format.PROTOBUF, all, "a.B", all);
    }

    private static void judge(Schema.Format format, ByteString content, String message, ByteString payload) {
        try {
            PayloadCheck check = SchemaCompiler.compile(format, content, message);
            assertThat(check.faults(payload, true, FAULTS_MAX, new Steps())).hasSizeLessThanOrEqualTo(FAULTS_MAX);
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_SCHEMA);
        }
    }
}
