package io.eckermann.gateway.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.UnknownFieldSet;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtobufCheckTest {
    /** Some messages that are at hand. */
    private static final FileDescriptorSet FILES = FileDescriptorSet.newBuilder()
            .addFile(Event.getDescriptor().getFile().toProto())
            .build();

    private static final PayloadCheck EVENTS = ProtobufCheck.compile(FILES.toByteString(), "eckermann.v1.Events");

    @Test
    void aMessageOfTheTypeHasNoFaults() {
        ByteString events = Events.newBuilder()
                .addEvents(Event.newBuilder().setType("a").putHeaders("b", "c"))
                .build()
                .toByteString();
        assertThat(EVENTS.faults(events, true, 10, new Steps())).isEmpty();
        assertThat(EVENTS.faults(ByteString.EMPTY, true, 10, new Steps())).isEmpty();
    }

    @Test
    void unknownFieldsAreFaultsOnlyWhenStrict() {
        Event odd = Event.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        ByteString events = Events.newBuilder()
                .addEvents(Event.getDefaultInstance())
                .addEvents(odd)
                .build()
                .toByteString();
        assertThat(EVENTS.faults(events, false, 10, new Steps())).isEmpty();
        assertThat(EVENTS.faults(events, true, 10, new Steps()))
                .extracting(Fault::path)
                .containsExactly("events[1].99");
    }

    @Test
    void knownFieldThatIsWrittenAsAnotherTypeIsAFault() {
        Event odd = Event.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                Event.TYPE_FIELD_NUMBER,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        ByteString events = Events.newBuilder().addEvents(odd).build().toByteString();
        assertThat(EVENTS.faults(events, false, 10, new Steps()))
                .extracting(Fault::path)
                .containsExactly("events[0].type");
    }

    @Test
    void whatCanNotBeParsedSaysInWhichField() {
        ByteString good = Event.newBuilder().setType("a").build().toByteString();
        ByteString notUtf8 = ByteString.copyFrom(new byte[] {Event.TYPE_FIELD_NUMBER << 3 | 2, 1, (byte) 0xff});
        UnknownFieldSet both = UnknownFieldSet.newBuilder()
                .addField(
                        Events.EVENTS_FIELD_NUMBER,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(good)
                                .addLengthDelimited(notUtf8)
                                .build())
                .build();
        assertThat(EVENTS.faults(both.toByteString(), false, 10, new Steps()))
                .extracting(Fault::path)
                .containsExactly("events[1].type");
        assertThat(EVENTS.faults(ByteString.copyFromUtf8("{\"no\":1}"), false, 10, new Steps()))
                .hasSize(1);
    }

    @Test
    void requiredFieldsMustBeThere() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("old.proto")
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Old")
                        .addField(FieldDescriptorProto.newBuilder()
                                .setName("id")
                                .setNumber(1)
                                .setLabel(FieldDescriptorProto.Label.LABEL_REQUIRED)
                                .setType(FieldDescriptorProto.Type.TYPE_STRING)))
                .build();
        PayloadCheck old = ProtobufCheck.compile(
                FileDescriptorSet.newBuilder().addFile(file).build().toByteString(), "Old");
        assertThat(old.faults(ByteString.EMPTY, false, 10, new Steps()))
                .extracting(Fault::path)
                .containsExactly("id");
    }

    @Test
    void whatIsNoSchemaIsRefusedWithTheReason() {
        assertThat(refusal(ByteString.copyFromUtf8("no descriptor"), "a.B"))
                .isEqualTo("The schema is no FileDescriptorSet.");
        assertThat(refusal(FILES.toByteString(), "eckermann.v1.Missing")).contains("None of the schema's files");
        ByteString incomplete = FileDescriptorSet.newBuilder()
                .addFile(AppendRequest.getDescriptor().getFile().toProto())
                .build()
                .toByteString();
        assertThat(refusal(incomplete, AppendRequest.getDescriptor().getFullName()))
                .contains("--include_imports");
        FileDescriptorProto circle = FileDescriptorProto.newBuilder()
                .setName("a.proto")
                .addDependency("a.proto")
                .build();
        assertThat(refusal(
                        FileDescriptorSet.newBuilder().addFile(circle).build().toByteString(), "A"))
                .contains("circle");
    }

    @Test
    void wellKnownTypesNeedNotBeIncluded() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("new.proto")
                .setSyntax("proto3")
                .addDependency("google/protobuf/timestamp.proto")
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("New")
                        .addField(FieldDescriptorProto.newBuilder()
                                .setName("at")
                                .setNumber(1)
                                .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                                .setTypeName(".google.protobuf.Timestamp")))
                .build();
        ByteString set = FileDescriptorSet.newBuilder().addFile(file).build().toByteString();
        assertThat(ProtobufCheck.compile(set, "New").faults(ByteString.EMPTY, true, 1, new Steps()))
                .isEqualTo(List.of());
    }

    private static String refusal(ByteString schema, String message) {
        StoreException refused =
                catchThrowableOfType(StoreException.class, () -> ProtobufCheck.compile(schema, message));
        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SCHEMA);
        return String.valueOf(refused.getMessage());
    }
}
