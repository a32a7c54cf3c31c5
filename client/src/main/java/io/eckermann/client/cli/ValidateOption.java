package io.eckermann.client.cli;

import io.eckermann.client.TopicChanges;
import io.eckermann.client.TopicSettings;
import io.eckermann.client.Validate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Whether a topic compares payloads with its schemas. */
final class ValidateOption {
    @Option(
            names = "--validate",
            paramLabel = "HOW",
            converter = Converter.class,
            description = "Compare payloads of appends with the newest schema of their type: off, on-append, or strict,"
                    + " which refuses types without one.")
    private @Nullable Validate validate;

    TopicSettings settings(TopicSettings without) {
        return validate == null ? without : without.withValidate(validate);
    }

    TopicChanges changes(TopicChanges without) {
        return validate == null ? without : without.validate(validate);
    }

    static String text(Validate validate) {
        return validate.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads it as it is written elsewhere. */
    static final class Converter implements ITypeConverter<Validate> {
        @Override
        public Validate convert(String text) {
            for (Validate validate : Validate.values()) {
                if (text(validate).equals(text)) {
                    return validate;
                }
            }
            throw new TypeConversionException("'" + text + "' is none of off, on-append, strict");
        }
    }
}
