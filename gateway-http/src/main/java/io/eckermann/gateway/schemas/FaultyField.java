package io.eckermann.gateway.schemas;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Finds the field in which a message can't be parsed, as the parser does not say it. */
final class FaultyField {
    /** As deep as the parser goes. */
    private static final int DEPTH_MAX = 100;

    private FaultyField() {}

    /** Names of fields with dots between them; empty when it is the message itself. */
    static String path(Descriptor message, ByteString bytes) {
        return path("", message, bytes, 0);
    }

    private static String path(String at, Descriptor message, ByteString bytes, int depth) {
        CodedInputStream in = bytes.newCodedInput();
        Map<FieldDescriptor, Integer> seen = new HashMap<>();
        String here = at;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                FieldDescriptor field = message.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
                int number = field == null ? 0 : seen.merge(field, 1, Integer::sum) - 1;
                here = at + name(field, number, tag);
                boolean hasLength = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
                if (field == null || !hasLength) {
                    in.skipField(tag);
                } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth < DEPTH_MAX) {
                    String within = path(here + ".", field.getMessageType(), in.readBytes(), depth + 1);
                    if (!within.isEmpty()) {
                        return within;
                    }
                } else if (field.getType() == FieldDescriptor.Type.STRING) {
                    in.readStringRequireUtf8();
                } else {
                    in.skipField(tag);
                }
                here = at;
            }
            return "";
        } catch (IOException notParsed) {
            return here.endsWith(".") ? here.substring(0, here.length() - 1) : here;
        }
    }

    private static String name(@org.jspecify.annotations.Nullable FieldDescriptor field, int number, int tag) {
        if (field == null) {
            return Integer.toString(WireFormat.getTagFieldNumber(tag));
        }
        return field.isRepeated() ? field.getName() + "[" + number + "]" : field.getName();
    }
}
