package io.eckermann.gateway.calls;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Of which trace something is part (W3C Trace Context): as callers say it in headers, and as events keep it in theirs.
 *
 * @param parent version, trace, span and flags, in the form of version 00
 * @param state what vendors add; may be empty
 */
public record TraceContext(String parent, String state) {
    /** Of HTTP, of gRPC and of events alike; also the attribute of CloudEvents' extension for distributed tracing. */
    public static final String PARENT = "traceparent";

    /** Beside it. */
    public static final String STATE = "tracestate";

    /** The least that has to be passed on, and more than anybody needs. */
    private static final int STATE_CHARS_MAX = 512;

    private static final Pattern FORM =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    /**
     * What these headers say; null when there is nothing, or nothing that can be told for sure: then it is as if nothing was
     * said, and what is called goes on.
     *
     * @param parents each header of the name
     */
    public static @Nullable TraceContext of(List<String> parents, List<String> states) {
        if (parents.size() != 1 || parents.get(0).length() > STATE_CHARS_MAX) {
            return null;
        }
        Matcher parts = FORM.matcher(parents.get(0).strip());
        if (!parts.matches() || (parts.group(1).equals("00") && parts.group(5) != null)) {
            return null;
        }
        String state = String.join(",", states);
        boolean passable = state.length() <= STATE_CHARS_MAX && state.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        return new TraceContext(
                "00-" + parts.group(2) + "-" + parts.group(3) + "-" + parts.group(4), passable ? state.strip() : "");
    }

    /** What an event keeps; null when it is part of no trace. */
    public static @Nullable TraceContext of(Map<String, String> headers) {
        String parent = headers.get(PARENT);
        return parent == null ? null : of(List.of(parent), List.of(headers.getOrDefault(STATE, "")));
    }

    /** As headers. */
    public Map<String, String> headers() {
        return state.isEmpty() ? Map.of(PARENT, parent) : Map.of(PARENT, parent, STATE, state);
    }

    /** 32 hexadecimal digits. */
    public String traceId() {
        return parent.substring(3, 35);
    }

    /** Of whoever called: 16 hexadecimal digits. */
    public String spanId() {
        return parent.substring(36, 52);
    }

    /** Whether its caller records it. */
    public boolean isSampled() {
        return (Character.digit(parent.charAt(54), 16) & 1) == 1;
    }
}
