package io.eckermann.gateway.access;

import io.eckermann.protocol.StoreException;

/** Knows tokens of another system. Never blocks; safe from any thread. */
@FunctionalInterface
public interface TokenVerifier {
    /**
     * Whom the token names.
     *
     * @throws StoreException UNAUTHENTICATED; NOT_READY when what it is verified by is not here yet
     */
    Principal verify(String token);
}
