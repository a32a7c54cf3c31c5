package io.eckermann.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.Principal;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeKeysTest {
    private static final String PASSWORD = "for a test";

    @TempDir
    private static Path directory;

    private static KeyStore made;

    @TempDir
    private Path files;

    private final NodeKeys keys = new NodeKeys();

    @BeforeAll
    static void certificatesAreMade() throws Exception {
        Path store = directory.resolve("made.p12");
        for (List<String> kind : List.of(List.of("old", "EC"), List.of("new", "EC"), List.of("rsa", "RSA"))) {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            kind.get(0),
                            "-keyalg",
                            kind.get(1),
                            "-dname",
                            "CN=" + kind.get(0),
                            "-keystore",
                            store.toString(),
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(keytool.waitFor()).as(said).isZero();
        }
        made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, PASSWORD.toCharArray());
        }
    }

    @Test
    void keyAndCertificateAreThoseOfOnePairWhicheverFileIsWrittenFirst() throws Exception {
        keys.read(files("old", "old"));
        for (List<String> between : List.of(List.of("new", "old"), List.of("old", "new"), List.of("rsa", "old"))) {
            TlsFiles half = files(between.get(0), between.get(1));
            assertThatThrownBy(() -> keys.read(half)).hasMessage("the key is not that of the certificate");
            assertShown("old");
        }
        keys.read(files("new", "new"));
        assertShown("new");
        keys.read(files("rsa", "rsa"));
        assertShown("rsa");
    }

    @Test
    void handshakeThatHasBegunEndsWithThePairItBeganWith() throws Exception {
        keys.read(files("old", "old"));
        String begun = alias();
        keys.read(files("new", "new"));
        assertThat(keys.getPrivateKey(begun)).isEqualTo(key("old"));
        assertThat(keys.getCertificateChain(begun)).isEqualTo(made.getCertificateChain("old"));
        assertShown("new");
    }

    private String alias() throws IOException {
        try (Socket socket = new Socket()) {
            return Objects.requireNonNull(keys.chooseServerAlias("EC", new Principal[0], socket));
        }
    }

    private void assertShown(String name) throws Exception {
        String alias = alias();
        assertThat(keys.getPrivateKey(alias)).isEqualTo(key(name));
        assertThat(keys.getCertificateChain(alias)).isEqualTo(made.getCertificateChain(name));
    }

    private static Key key(String name) throws Exception {
        return made.getKey(name, PASSWORD.toCharArray());
    }

    private TlsFiles files(String certificate, String key) throws Exception {
        return new TlsFiles(
                pem(
                        "certificate.pem",
                        "CERTIFICATE",
                        made.getCertificate(certificate).getEncoded()),
                pem("key.pem", "PRIVATE KEY", key(key).getEncoded()),
                files.resolve("authorities.pem"));
    }

    private Path pem(String name, String kind, byte[] content) throws IOException {
        return Files.writeString(
                files.resolve(name),
                "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + kind + "-----\n");
    }
}
