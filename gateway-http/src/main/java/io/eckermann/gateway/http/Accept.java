package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.CloudEventJson;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.List;
import java.util.Locale;

/** Chooses the format of a read's answer by the Accept header (RFC 9110, section 12.5.1). */
final class Accept {
    /** Of reads. */
    static final List<String> EVENTS = List.of(Answer.JSON, Answer.NDJSON, Answer.SSE, CloudEventJson.BATCH);

    /** Of one event. */
    static final List<String> EVENT = List.of(Answer.JSON, CloudEventJson.ONE);

    private Accept() {}

    /**
     * The format with the highest weight, the first of equals; JSON when the client does not care.
     *
     * @throws StoreException NOT_ACCEPTABLE
     */
    static String format(Request request, List<String> formats) {
        List<String> headers = request.headers().getAll("Accept");
        if (headers.isEmpty()) {
            return Answer.JSON;
        }
        String chosen = "";
        double best = 0;
        for (String format : formats) {
            double weight = weight(format, String.join(",", headers));
            if (weight > best) {
                best = weight;
                chosen = format;
            }
        }
        if (chosen.isEmpty()) {
            throw new StoreException(
                    ErrorCode.NOT_ACCEPTABLE,
                    "None of these formats is offered here; there are: " + String.join(", ", formats) + ".");
        }
        return chosen;
    }

    /** By the most specific range that matches. */
    private static double weight(String format, String ranges) {
        double weight = 0;
        int specificity = 0;
        for (String range : ranges.split(",", -1)) {
            String[] parts = range.strip().toLowerCase(Locale.ROOT).split(";", -1);
            int matches = matches(format, parts[0].strip());
            if (matches > specificity) {
                specificity = matches;
                weight = quality(parts);
            }
        }
        return weight;
    }

    private static int matches(String format, String range) {
        if (range.equals(format) || (range.equals("application/ndjson") && format.equals(Answer.NDJSON))) {
            return 3;
        }
        if (range.equals(format.substring(0, format.indexOf('/')) + "/*")) {
            return 2;
        }
        return range.equals("*/*") || range.equals("*") ? 1 : 0;
    }

    private static double quality(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
