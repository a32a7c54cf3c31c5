package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.TopicSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A command about schemas, as the first version that knew them wrote it, as in {@link FormatsTest}. */
class SchemaFormatTest {
    private static final Path SAMPLE = Path.of("src/test/resources/formats/v4/schemas.bin");

    @Test
    void sampleDecodesToTheSame() throws IOException, UnreadableCommandException {
        List<Operation> operations = List.of(
                new Operation.CreateTopic(
                        "shop.paid",
                        TopicSettings.newBuilder()
                                .setMaxEventBytes(100)
                                .setValidate(TopicSettings.Validate.STRICT)
                                .build()),
                new Operation.UpdateTopic(
                        7,
                        null,
                        new Operation.Retain(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                        new Operation.Switches(null, null, TopicSettings.Validate.ON_APPEND)),
                new Operation.PutSchema(
                        7, "Paid", Schema.Format.PROTOBUF, ByteString.copyFromUtf8("descriptors"), "shop.Paid"),
                new Operation.PutSchema(
                        7, "Größe", Schema.Format.JSON_SCHEMA, ByteString.copyFromUtf8("{\"type\":\"object\"}"), ""),
                new Operation.DeleteSchema(7, "Paid", 300));
        FormatsTest.sampleDecodesTo(SAMPLE, 4, operations);
    }
}
