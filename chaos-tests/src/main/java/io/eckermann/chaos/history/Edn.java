package io.eckermann.chaos.history;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as EDN: maps, collections, texts, numbers, booleans, keywords, null. */
public final class Edn {
    /** A keyword, without its colon. */
    public record Keyword(String name) {
        @Override
        public String toString() {
            return ":" + name;
        }
    }

    private Edn() {}

    public static Keyword keyword(String name) {
        return new Keyword(name);
    }

    public static String text(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    /** Keys of maps that are strings become keywords. */
    static void write(@Nullable Object value, StringBuilder out) {
        if (value == null) {
            out.append("nil");
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, out);
        } else if (value instanceof Collection<?> list) {
            out.append('[');
            String separator = "";
            for (Object element : list) {
                out.append(separator);
                write(element, out);
                separator = " ";
            }
            out.append(']');
        } else if (value instanceof Number || value instanceof Boolean || value instanceof Keyword) {
            out.append(value);
        } else {
            writeText(value.toString(), out);
        }
    }

    private static void writeMap(Map<?, ?> map, StringBuilder out) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            if (entry.getKey() instanceof String name) {
                out.append(':').append(name);
            } else {
                write(entry.getKey(), out);
            }
            out.append(' ');
            write(entry.getValue(), out);
            separator = ", ";
        }
        out.append('}');
    }

    private static void writeText(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c < ' ' ? ' ' : c);
            }
        }
        out.append('"');
    }
}
