package io.eckermann.gateway.access;

import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys by which an issuer's tokens are verified: found by OpenID Connect discovery, asked for anew every few
 * minutes, and when a token names a key that is not among them, but then not often. What was known stays known while the
 * issuer can't be reached. Safe from any thread.
 */
public final class IssuerKeys {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int BYTES_MAX = 1 << 20;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final long RENEW_NS = Duration.ofMinutes(5).toNanos();
    private static final long AGAIN_NS = Duration.ofSeconds(10).toNanos();
    private static final long FIRST_AGAIN_NS = Duration.ofSeconds(2).toNanos();

    private final URI issuer;
    private final HttpClient http;
    private final Executor fetching;
    private final LongSupplier nanoTime;
    private volatile @Nullable Known known;
    private volatile boolean wanted;
    /** Under the lock of this object, from here on. */
    private boolean asked;

    private boolean under;
    private long askedNs;

    /**
     * Keys of one moment, and what was verified by them: nothing of it outlives them.
     *
     * @param keys by their ids; one without an id is under an empty one
     */
    record Known(Map<String, JWK> keys, ConcurrentHashMap<String, Principal> verified) {}

    /**
     * Asks for nothing yet.
     *
     * @param fetching for what waits for the issuer
     */
    public IssuerKeys(URI issuer, HttpClient http, Executor fetching, LongSupplier nanoTime) {
        this.issuer = issuer;
        this.http = http;
        this.fetching = fetching;
        this.nanoTime = nanoTime;
    }

    /** Null while the issuer was never reached. */
    @Nullable
    Known known() {
        return known;
    }

    /**
     * A token names a key that is not known.
     *
     * @return whether it is asked for now, so that trying again makes sense
     */
    boolean want() {
        synchronized (this) {
            if (under || nanoTime.getAsLong() - askedNs >= AGAIN_NS) {
                wanted = true;
            }
        }
        look();
        return wanted;
    }

    /** Asks if it is time; called again and again by a timer. Never blocks. */
    public void look() {
        synchronized (this) {
            long since = nanoTime.getAsLong() - askedNs;
            long pause = known == null ? FIRST_AGAIN_NS : wanted ? AGAIN_NS : RENEW_NS;
            if (under || (asked && since < pause)) {
                return;
            }
            under = true;
            asked = true;
            askedNs = nanoTime.getAsLong();
        }
        try {
            fetching.execute(this::fetch);
        } catch (RejectedExecutionException e) {
            done();
        }
    }

    private void fetch() {
        try {
            Known found = new Known(keys(), new ConcurrentHashMap<>());
            if (known == null) {
                LOG.info(
                        "{} keys of {} are known: its tokens are taken",
                        found.keys().size(),
                        issuer);
            }
            known = found;
        } catch (IOException | ParseException | RuntimeException e) {
            LOG.warn("The keys of {} cannot be fetched, those known stay in use: {}", issuer, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            done();
        }
    }

    private synchronized void done() {
        under = false;
        wanted = false;
    }

    private Map<String, JWK> keys() throws IOException, ParseException, InterruptedException {
        String base = issuer.toString().replaceAll("/$", "");
        Map<String, Object> discovered = JSONObjectUtils.parse(get(URI.create(base + DISCOVERY)));
        if (!issuer.toString().equals(JSONObjectUtils.getString(discovered, "issuer"))) {
            throw new IOException("the document of " + base + DISCOVERY + " is of another issuer");
        }
        URI at = URI.create(String.valueOf(JSONObjectUtils.getString(discovered, "jwks_uri")));
        if (!at.isAbsolute()
                || (!"https".equals(at.getScheme()) && !at.getScheme().equals(issuer.getScheme()))) {
            throw new IOException("its keys are not at an https address");
        }
        Map<String, JWK> keys = new HashMap<>();
        for (JWK key : JWKSet.parse(get(at)).getKeys()) {
            // A secret among public keys is none: with it anybody could make tokens.
            boolean verifies = key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse());
            if (key instanceof AsymmetricJWK && verifies) {
                keys.put(key.getKeyID() == null ? "" : key.getKeyID(), key.toPublicJWK());
            }
        }
        return keys;
    }

    private String get(URI address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(ANSWER_WITHIN)
                .header("Accept", "application/json")
                .build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException(address + " answers " + response.statusCode());
            }
            byte[] bytes = body.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IOException(address + " answers with more than a mebibyte");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
