package io.eckermann.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OidcTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-27T21:00:00Z");

    private final TestIssuer issuer;
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final IssuerKeys keys;
    private Instant now = NOW;

    OidcTokensTest() throws Exception {
        issuer = new TestIssuer();
        keys = new IssuerKeys(issuer.issuer(), HttpClient.newHttpClient(), Runnable::run, nanoTime::get);
    }

    @BeforeEach
    void fetch() {
        keys.look();
    }

    @AfterEach
    void close() {
        issuer.close();
    }

    @Test
    void aTokenNamesItsSubjectAndItsRoles() throws Exception {
        Principal principal = tokens().verify(right());
        assertThat(principal.name()).isEqualTo("token:alice");
        assertThat(principal.roles()).containsExactly("readers");
        assertThat(tokens().verify(right()).expiresNs()).isEqualTo(principal.expiresNs());
        String nested = issuer.sign(issuer.claims("alice", NOW)
                .claim("realm_access", Map.of("roles", List.of("a", "b b", "c")))
                .build());
        assertThat(tokens("realm_access.roles").verify(nested).roles()).containsExactly("a", "c");
    }

    @Test
    void whatIsNotMeantForUsOrNotNowIsRefused() throws Exception {
        refused(issuer.sign(issuer.claims("alice", NOW).audience("other").build()));
        refused(issuer.sign(
                issuer.claims("alice", NOW).issuer("http://127.0.0.1").build()));
        refused(issuer.sign(issuer.claims("alice", NOW).expirationTime(null).build()));
        refused(issuer.sign(issuer.claims("alice", NOW)
                .expirationTime(Date.from(NOW.minusSeconds(31)))
                .build()));
        refused(issuer.sign(issuer.claims("alice", NOW)
                .notBeforeTime(Date.from(NOW.plusSeconds(31)))
                .build()));
        refused(issuer.sign(issuer.claims("", NOW).build()));
        refused(issuer.sign(issuer.claims("a\nb", NOW).build()));
        assertThat(tokens().verify(issuer.sign(issuer.claims("late", NOW)
                        .expirationTime(Date.from(NOW.minusSeconds(29)))
                        .build())))
                .isNotNull();
    }

    @Test
    void aRememberedTokenExpiresAllTheSame() throws Exception {
        String token = right();
        OidcTokens tokens = tokens();
        assertThat(tokens.verify(token)).isSameAs(tokens.verify(token));
        now = NOW.plusSeconds(331);
        assertThat(refusal(token, tokens)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void noAlgorithmButTheKeysOwnIsTaken() throws Exception {
        JWTClaimsSet claims = issuer.claims("mallory", NOW).build();
        refused(new PlainJWT(claims).serialize());
        RSAKey rsa = issuer.rotateToRsa("k2");
        renew();
        byte[] publicKey = rsa.toPublicKey().getEncoded();
        SignedJWT confused = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k2").build(), claims);
        confused.sign(new MACSigner(publicKey));
        refused(confused.serialize());
        String right = issuer.sign(claims);
        assertThat(tokens().verify(right).name()).isEqualTo("token:mallory");
        String[] parts = right.split("\\.", -1);
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\",\"kid\":\"k2\"}".getBytes(StandardCharsets.UTF_8));
        refused(none + "." + parts[1] + ".");
        refused(none + "." + parts[1] + "." + parts[2]);
        refused(parts[0] + "." + parts[1] + ".");
        refused(parts[0] + "." + parts[1].substring(1) + "." + parts[2]);
    }

    @Test
    void aKeyThatTheTokenBringsAlongOpensNothing() throws Exception {
        ECKey own = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        for (JWSHeader header : List.of(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
                new JWSHeader.Builder(JWSAlgorithm.ES256).jwk(own.toPublicJWK()).build(),
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .jwk(own.toPublicJWK())
                        .keyID("k1")
                        .build(),
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .jwkURL(URI.create("http://127.0.0.1:1/keys"))
                        .keyID("k1")
                        .build())) {
            SignedJWT forged =
                    new SignedJWT(header, issuer.claims("mallory", NOW).build());
            forged.sign(new ECDSASigner(own));
            refused(forged.serialize());
        }
    }

    @Test
    void aNewKeyIsAskedForOnceInAWhile() throws Exception {
        OidcTokens tokens = tokens();
        String old = right();
        assertThat(tokens.verify(old)).isNotNull();
        issuer.rotate("k2");
        String fresh = right();
        assertThat(refusal(fresh, tokens)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        int asked = issuer.asked();
        nanoTime.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(refusal(fresh, tokens)).isIn(ErrorCode.NOT_READY, ErrorCode.UNAUTHENTICATED);
        assertThat(tokens.verify(fresh).name()).isEqualTo("token:alice");
        assertThat(refusal(old, tokens)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(issuer.asked()).isEqualTo(asked + 1);
    }

    @Test
    void nobodyIsLetInBeforeTheIssuerWasReached() throws Exception {
        IssuerKeys none = new IssuerKeys(
                URI.create("http://127.0.0.1:1"), HttpClient.newHttpClient(), Runnable::run, nanoTime::get);
        assertThat(refusal(right(), new OidcTokens(trust("roles"), none, clock())))
                .isEqualTo(ErrorCode.NOT_READY);
    }

    private void renew() {
        nanoTime.addAndGet(Duration.ofMinutes(5).toNanos());
        keys.look();
    }

    private String right() throws JOSEException {
        return issuer.sign(issuer.claims("alice", NOW).build());
    }

    private void refused(String token) {
        assertThat(refusal(token, tokens())).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    private static ErrorCode refusal(String token, OidcTokens tokens) {
        return catchThrowableOfType(StoreException.class, () -> tokens.verify(token))
                .code();
    }

    private OidcTokens tokens() {
        return tokens("roles");
    }

    private OidcTokens tokens(String rolesClaim) {
        return new OidcTokens(trust(rolesClaim), keys, clock());
    }

    private OidcTokens.Trust trust(String rolesClaim) {
        return new OidcTokens.Trust(
                issuer.issuer().toString(),
                TestIssuer.AUDIENCE,
                rolesClaim,
                Set.of("RS256", "ES256"),
                Duration.ofSeconds(30));
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }
}
