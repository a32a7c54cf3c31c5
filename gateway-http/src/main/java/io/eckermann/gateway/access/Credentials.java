package io.eckermann.gateway.access;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller showed of itself.
 *
 * @param authorization all values of the header of this name
 * @param certificate of its connection, which an authority vouches for; null when it showed none
 * @param address where it calls from
 * @param connection on which it calls
 */
public record Credentials(
        List<String> authorization,
        @Nullable X509Certificate certificate,
        String address,
        CallerConnection connection) {
    /** Without what is secret. */
    @Override
    public String toString() {
        return address;
    }
}
