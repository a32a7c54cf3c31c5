package io.eckermann.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Random;

/**
 * Any messages of a type, whatever fields it has: from few words and numbers at the edges, so that what is said of one
 * topic meets, and every limit is touched.
 */
final class AnyMessage {
    private static final int DEPTH_MAX = 6;
    private static final List<String> NAMES =
            List.of("t", "t", "t", "t", "t", "t", "t", "t", "u", "u", "", "no such", "a.b", "x".repeat(300));
    private static final List<String> WORDS = List.of(
            "a", "a", "b", "c", "", "ä b", "\u0000", "key:1", "x".repeat(64), "x".repeat(257), "x".repeat(3_000), "1");
    private static final long[] NUMBERS = {
        0, 0, 1, 1, 2, 3, 4, 7, -1, 100, 65_536, 1 << 20, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final Random random;

    AnyMessage(Random random) {
        this.random = random;
    }

    /** One like the prototype in nothing but its type. */
    <M extends Message> M like(M prototype) {
        @SuppressWarnings("unchecked") // What builds one of its type builds no other.
        M made = (M) filled(prototype.newBuilderForType(), 0).build();
        return made;
    }

    private Message.Builder filled(Message.Builder builder, int depth) {
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            OneofDescriptor oneof = field.getContainingOneof();
            boolean chosen = oneof == null
                    ? random.nextInt(3) > 0
                    : oneof.getField(random.nextInt(oneof.getFieldCount())).equals(field);
            boolean tooDeep = depth == DEPTH_MAX && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (!chosen || tooDeep) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    builder.addRepeatedField(field, value(builder, field, depth));
                }
            } else {
                builder.setField(field, value(builder, field, depth));
            }
        }
        return builder;
    }

    private Object value(Message.Builder of, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> (int) number();
            case LONG -> number();
            case FLOAT -> (float) number();
            case DOUBLE -> (double) number();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> word(field);
            case BYTE_STRING -> ByteString.copyFromUtf8(word(field));
            case ENUM -> constant(field.getEnumType());
            case MESSAGE -> filled(of.newBuilderForField(field), depth + 1).build();
        };
    }

    private long number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private String word(FieldDescriptor field) {
        boolean isName = List.of("topic", "name", "consumer", "group").contains(field.getName());
        List<String> words = isName ? NAMES : WORDS;
        return words.get(random.nextInt(words.size()));
    }

    /** At times one of a later version. */
    private Object constant(EnumDescriptor type) {
        return random.nextInt(12) == 0
                ? type.findValueByNumberCreatingIfUnknown(99)
                : type.getValues().get(random.nextInt(type.getValues().size()));
    }
}
