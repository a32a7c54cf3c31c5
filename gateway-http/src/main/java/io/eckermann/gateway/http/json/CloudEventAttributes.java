package io.eckermann.gateway.http.json;

import io.eckermann.gateway.calls.TraceContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The names that CloudEvents 1.0 and its mapping to events go by; docs/cloudevents.md is the mapping. */
public final class CloudEventAttributes {
    public static final String SPECVERSION = "specversion";
    public static final String VERSION = "1.0";
    static final String ID = "id";
    static final String SOURCE = "source";
    static final String TYPE = "type";
    static final String SUBJECT = "subject";
    static final String TIME = "time";
    public static final String DATACONTENTTYPE = "datacontenttype";
    static final String DATASCHEMA = "dataschema";

    /** What an event has beside a CloudEvent's attributes, as extensions. */
    static final String POSITION = "eckermannposition";

    static final String RECORDED = "eckermanntime";
    static final String TAGS = "eckermanntags";
    static final String HEADERS = "eckermannheaders";

    /** Of an event's headers, those that hold a CloudEvent's attributes that an event has no place for. */
    static final String HEADER = "ce-";

    /** Behind the header of an extension, one that says that it was not a string. */
    static final String HEADER_TYPE = ".type";

    /** Extensions (CloudEvents, Distributed Tracing) that are headers by their own names: so they are at both doors. */
    static final Set<String> TRACE = Set.of(TraceContext.PARENT, TraceContext.STATE);

    public static final List<String> REQUIRED = List.of(SPECVERSION, ID, SOURCE, TYPE);
    static final Set<String> CORE =
            Set.of(SPECVERSION, ID, SOURCE, TYPE, SUBJECT, TIME, DATACONTENTTYPE, DATASCHEMA, "data", "data_base64");
    static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}");

    private CloudEventAttributes() {}

    /** Whether data of this type is JSON; so it is when nothing is said. */
    static boolean isJson(String contentType) {
        String type = mediaType(contentType);
        return type.isEmpty() || type.endsWith("/json") || type.endsWith("+json");
    }

    /** Whether data of this type is text that a JSON string can hold. */
    static boolean isText(String contentType) {
        String type = mediaType(contentType);
        return type.startsWith("text/") || type.endsWith("/xml") || type.endsWith("+xml");
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
