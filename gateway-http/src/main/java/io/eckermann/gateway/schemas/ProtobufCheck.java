package io.eckermann.gateway.schemas;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WrappersProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A message of Protobuf, described by the files that define it. Those of Google's well-known types may be left out. */
final class ProtobufCheck implements PayloadCheck {
    private static final List<FileDescriptor> WELL_KNOWN = List.of(
            AnyProto.getDescriptor(),
            DurationProto.getDescriptor(),
            EmptyProto.getDescriptor(),
            FieldMaskProto.getDescriptor(),
            StructProto.getDescriptor(),
            TimestampProto.getDescriptor(),
            WrappersProto.getDescriptor());

    private final Descriptor message;

    private ProtobufCheck(Descriptor message) {
        this.message = message;
    }

    static PayloadCheck compile(ByteString content, String message) {
        FileDescriptorSet set;
        try {
            set = FileDescriptorSet.parseFrom(content);
        } catch (InvalidProtocolBufferException e) {
            throw SchemaCompiler.bad("The schema is no FileDescriptorSet.", String.valueOf(e.getMessage()));
        }
        Map<String, FileDescriptor> built = new HashMap<>();
        for (FileDescriptorProto file : inOrder(set)) {
            built.put(file.getName(), build(file, built));
        }
        return new ProtobufCheck(built.values().stream()
                .map(file -> find(file, message))
                .flatMap(List::stream)
                .findFirst()
                .orElseThrow(() -> SchemaCompiler.bad(
                        "None of the schema's files defines the message: give its full name, with its package.",
                        "no message '" + message + "'")));
    }

    /** The files, each behind those that it imports. */
    private static List<FileDescriptorProto> inOrder(FileDescriptorSet set) {
        Map<String, FileDescriptorProto> waiting = new HashMap<>();
        set.getFileList().forEach(file -> waiting.put(file.getName(), file));
        List<FileDescriptorProto> ordered = new ArrayList<>();
        while (!waiting.isEmpty()) {
            List<FileDescriptorProto> ready = waiting.values().stream()
                    .filter(file -> file.getDependencyList().stream().noneMatch(waiting::containsKey))
                    .toList();
            if (ready.isEmpty()) {
                throw SchemaCompiler.bad(
                        "The schema's files import each other in a circle.",
                        waiting.keySet().stream().sorted().findFirst().orElse(""));
            }
            ready.forEach(file -> waiting.remove(file.getName()));
            ordered.addAll(ready);
        }
        return ordered;
    }

    private static FileDescriptor build(FileDescriptorProto file, Map<String, FileDescriptor> built) {
        List<FileDescriptor> imports = new ArrayList<>();
        for (String name : file.getDependencyList()) {
            FileDescriptor known = built.get(name);
            imports.add(
                    known != null
                            ? known
                            : WELL_KNOWN.stream()
                                    .filter(wellKnown -> wellKnown.getName().equals(name))
                                    .findFirst()
                                    .orElseThrow(() -> SchemaCompiler.bad(
                                            "The schema lacks a file: make it with protoc --include_imports.",
                                            file.getName() + " imports " + name)));
        }
        try {
            return FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new));
        } catch (DescriptorValidationException | IllegalArgumentException e) {
            throw SchemaCompiler.bad("A file of the schema is not valid.", String.valueOf(e.getMessage()));
        }
    }

    private static List<Descriptor> find(FileDescriptor file, String message) {
        List<Descriptor> found = new ArrayList<>();
        file.getMessageTypes().forEach(type -> find(type, message, found));
        return found;
    }

    private static void find(Descriptor type, String message, List<Descriptor> found) {
        if (type.getFullName().equals(message)) {
            found.add(type);
        }
        type.getNestedTypes().forEach(nested -> find(nested, message, found));
    }

    @Override
    public List<Fault> faults(ByteString payload, boolean strict, int max, Steps steps) {
        DynamicMessage parsed;
        try {
            parsed = DynamicMessage.newBuilder(message).mergeFrom(payload).buildPartial();
        } catch (InvalidProtocolBufferException e) {
            return List.of(new Fault(
                    FaultyField.path(message, payload), "This is no " + message.getFullName() + ": " + e.getMessage()));
        }
        List<Fault> faults = new ArrayList<>();
        for (String missing : parsed.findInitializationErrors()) {
            faults.add(new Fault(missing, "The field is required and missing."));
        }
        addUnknown("", parsed, strict, faults);
        return faults.size() <= max ? faults : faults.subList(0, max);
    }

    /** A field that is known by its number but written as another type is among the unknown ones, too. */
    private static void addUnknown(String at, Message parsed, boolean strict, List<Fault> faults) {
        UnknownFieldSet unknown = parsed.getUnknownFields();
        for (int number : unknown.asMap().keySet()) {
            FieldDescriptor known = parsed.getDescriptorForType().findFieldByNumber(number);
            // An enum's unknown value stays under its number; of what may grow that is no fault.
            boolean otherValue = known != null && known.getType() == FieldDescriptor.Type.ENUM;
            if (known != null && !otherValue) {
                faults.add(new Fault(at + known.getName(), "The field is written as another type than the schema's."));
            } else if (strict) {
                faults.add(new Fault(
                        at + (known == null ? Integer.toString(number) : known.getName()),
                        "The schema does not know this " + (known == null ? "field." : "value.")));
            }
        }
        for (Map.Entry<FieldDescriptor, Object> field : parsed.getAllFields().entrySet()) {
            FieldDescriptor descriptor = field.getKey();
            if (descriptor.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (descriptor.isRepeated()) {
                List<?> elements = (List<?>) field.getValue();
                for (int i = 0; i < elements.size(); i++) {
                    addUnknown(at + descriptor.getName() + "[" + i + "].", (Message) elements.get(i), strict, faults);
                }
            } else {
                addUnknown(at + descriptor.getName() + ".", (Message) field.getValue(), strict, faults);
            }
        }
    }
}
