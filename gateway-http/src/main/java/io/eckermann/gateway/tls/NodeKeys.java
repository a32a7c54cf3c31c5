package io.eckermann.gateway.tls;

import io.grpc.util.CertificateUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A certificate and its private key, which are replaced while connections are made. A handshake asks for an alias first and for what
 * it stands for afterwards, so each pair has an alias of its own, and the pair before stays for handshakes that have begun. Safe from
 * any thread.
 */
final class NodeKeys extends X509ExtendedKeyManager {
    private static final Map<String, String> SIGNATURES = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");
    private static final byte[] SIGNED = "eckermann".getBytes(StandardCharsets.US_ASCII);

    /** The one for new handshakes first. */
    private volatile List<Pair> pairs = List.of();

    private int read;

    /**
     * Takes what the files hold from now on.
     *
     * @throws GeneralSecurityException when they hold no certificate and key, or a key that isn't the certificate's, as
     *     between the writing of the one file and of the other; what was read before stays
     */
    synchronized void read(TlsFiles files) throws IOException, GeneralSecurityException {
        X509Certificate[] chain;
        PrivateKey key;
        try (InputStream in = Files.newInputStream(files.certificate())) {
            chain = CertificateUtils.getX509Certificates(in);
        }
        try (InputStream in = Files.newInputStream(files.key())) {
            key = CertificateUtils.getPrivateKey(in);
        }
        if (chain.length == 0 || !belong(key, chain[0])) {
            throw new InvalidKeyException("the key is not that of the certificate");
        }
        Pair pair = new Pair(String.valueOf(read++), chain, key);
        pairs = Stream.concat(Stream.of(pair), pairs.stream().limit(1)).toList();
    }

    private static boolean belong(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String algorithm = SIGNATURES.get(key.getAlgorithm());
        if (algorithm == null
                || !key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(SIGNED);
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(certificate.getPublicKey());
        verifying.update(SIGNED);
        return verifying.verify(signing.sign());
    }

    private @Nullable String alias() {
        return pairs.isEmpty() ? null : pairs.get(0).alias();
    }

    private Optional<Pair> pair(String alias) {
        return pairs.stream().filter(pair -> pair.alias().equals(alias)).findFirst();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
        String alias = alias();
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return alias();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return alias();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
        return getClientAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return alias();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return alias();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return pair(alias).map(pair -> pair.chain().clone()).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return pair(alias).map(Pair::key).orElse(null);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pair(String alias, X509Certificate[] chain, PrivateKey key) {}
}
