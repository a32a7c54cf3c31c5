package io.eckermann.gateway.http;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.Locale;

/** What kinds of bodies are taken. */
final class Bodies {
    private static final String FORM = "application/x-www-form-urlencoded";

    private Bodies() {}

    /** The body of a request that takes JSON only; an empty one needs no content type. */
    static ByteString json(Request request) {
        if (!request.body().isEmpty() && !request.mediaType().equals(Answer.JSON)) {
            throw unsupported(request, "application/json");
        }
        plainUtf8(request);
        return request.body();
    }

    /** Refuses compressed bodies and, for text formats, other character sets than UTF-8. */
    static void plainUtf8(Request request) {
        uncompressed(request);
        for (String parameter : request.header("Content-Type").orElse("").split(";", -1)) {
            String[] parts = parameter.strip().toLowerCase(Locale.ROOT).split("=", 2);
            if (parts.length == 2
                    && parts[0].strip().equals("charset")
                    && !parts[1].replace("\"", "").strip().equals("utf-8")) {
                throw new StoreException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Text is read as UTF-8 only: send it so.")
                        .with("content_type", request.mediaType());
            }
        }
    }

    static void uncompressed(Request request) {
        String encoding = request.header("Content-Encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw new StoreException(
                            ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not read here: send it as it is.")
                    .with("content_encoding", encoding);
        }
    }

    static StoreException unsupported(Request request, String possible) {
        String type = request.mediaType();
        String what;
        if (type.isEmpty()) {
            what = "The body has no Content-Type; possible are: " + possible + ".";
        } else if (type.equals(FORM)) {
            what = "A form is not read here, and is what curl sends unless told otherwise:"
                    + " add -H 'Content-Type: application/json'. Possible are: " + possible + ".";
        } else {
            what = "This Content-Type is not read here; possible are: " + possible + ".";
        }
        return new StoreException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, what).with("content_type", type);
    }
}
