package io.eckermann.gateway.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import java.security.Key;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JSON Web Tokens of one issuer. The key is chosen by the token's {@code kid} among the issuer's public keys alone,
 * whatever else its header says; the algorithm must be one of those allowed and the key's own. A token that was verified is
 * remembered until the keys are asked for anew, so that verifying costs no more than a hash after the first time.
 */
public final class OidcTokens implements TokenVerifier {
    private static final int TOKEN_CHARS_MAX = 16 << 10;
    private static final int REMEMBERED_MAX = 10_000;
    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9._-]{1,190}");

    /**
     * Whose tokens are taken.
     *
     * @param audience must be among the token's
     * @param rolesClaim path to a list of roles, or a text with spaces between them; names of objects with dots between
     * @param algorithms asymmetric ones alone
     * @param skew how much the clocks may differ
     */
    public record Trust(String issuer, String audience, String rolesClaim, Set<String> algorithms, Duration skew) {}

    private final Trust trust;
    private final IssuerKeys keys;
    private final Clock clock;

    public OidcTokens(Trust trust, IssuerKeys keys, Clock clock) {
        this.trust = trust;
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public Principal verify(String token) {
        IssuerKeys.Known known = keys.known();
        if (known == null) {
            keys.look();
            throw notYet();
        }
        if (token.length() > TOKEN_CHARS_MAX) {
            throw refused();
        }
        ConcurrentHashMap<String, Principal> verified = known.verified();
        String name = HexFormat.of().formatHex(KeyText.sha256(token));
        Principal before = verified.get(name);
        if (before != null && before.expiresNs() > nanos(clock.instant())) {
            return before;
        }
        try {
            Principal principal = verify(SignedJWT.parse(token), known);
            if (verified.size() >= REMEMBERED_MAX) {
                verified.clear();
            }
            verified.put(name, principal);
            return principal;
        } catch (ParseException | JOSEException e) {
            throw refused();
        }
    }

    private Principal verify(SignedJWT token, IssuerKeys.Known known) throws ParseException, JOSEException {
        JWSHeader header = token.getHeader();
        if (!trust.algorithms().contains(header.getAlgorithm().getName())) {
            throw refused();
        }
        JWK key = key(header, known.keys());
        if (key == null) {
            throw keys.want() ? notYet() : refused();
        }
        if (!fits(key, header.getAlgorithm())) {
            throw refused();
        }
        Key pub = ((AsymmetricJWK) key).toPublicKey();
        JWSVerifier verifier = new DefaultJWSVerifierFactory().createJWSVerifier(header, pub);
        if (!token.verify(verifier)) {
            throw refused();
        }
        return principal(token.getJWTClaimsSet());
    }

    /** Without an id only where there is no choice. */
    private static @Nullable JWK key(JWSHeader header, Map<String, JWK> keys) {
        if (header.getKeyID() == null) {
            return keys.size() == 1 ? keys.values().iterator().next() : null;
        }
        return keys.get(header.getKeyID());
    }

    private static boolean fits(JWK key, JWSAlgorithm algorithm) {
        return key.getAlgorithm() == null || key.getAlgorithm().getName().equals(algorithm.getName());
    }

    private Principal principal(JWTClaimsSet claims) throws ParseException {
        Instant now = clock.instant();
        Date expires = claims.getExpirationTime();
        Date begins = claims.getNotBeforeTime();
        String subject = claims.getSubject();
        if (!trust.issuer().equals(claims.getIssuer())
                || !claims.getAudience().contains(trust.audience())
                || expires == null
                || !expires.toInstant().plus(trust.skew()).isAfter(now)
                || (begins != null && begins.toInstant().minus(trust.skew()).isAfter(now))
                || subject == null
                || subject.isEmpty()) {
            throw refused();
        }
        try {
            String name = Names.subject("token:" + subject);
            return new Principal(
                    name, roles(claims), "", nanos(expires.toInstant().plus(trust.skew())));
        } catch (StoreException e) {
            throw refused();
        }
    }

    private List<String> roles(JWTClaimsSet claims) {
        Object at = claims.getClaims();
        for (String step : trust.rolesClaim().split("\\.", -1)) {
            at = at instanceof Map<?, ?> object ? object.get(step) : null;
        }
        List<?> named = at instanceof List<?> list
                ? list
                : at instanceof String text ? Arrays.asList(text.split(" ", -1)) : List.of();
        List<String> roles = new ArrayList<>();
        for (Object role : named) {
            if (role instanceof String text && ROLE.matcher(text).matches() && roles.size() < Limits.GRANTS_MAX) {
                roles.add(text);
            }
        }
        return List.copyOf(roles);
    }

    private static long nanos(Instant time) {
        long seconds = Math.min(time.getEpochSecond(), Long.MAX_VALUE / 1_000_000_000 - 1);
        return seconds * 1_000_000_000 + time.getNano();
    }

    /** Does not say what was wrong: that helps those who make tokens up. */
    private static StoreException refused() {
        return new StoreException(
                ErrorCode.UNAUTHENTICATED,
                "This token is not taken: it must be signed by the issuer this cluster trusts, be meant for it, and not have"
                        + " expired.");
    }

    private static StoreException notYet() {
        return new StoreException(
                ErrorCode.NOT_READY, "The keys of the token's issuer are being fetched: try again shortly.");
    }
}
