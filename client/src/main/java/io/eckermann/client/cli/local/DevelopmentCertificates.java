package io.eckermann.client.cli.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Certificates for trying things out: an authority of one's own in a directory, which vouches for nodes and clients. The
 * work is done by the JDK's {@code keytool}. Nothing here protects the authority but the file's permissions.
 */
public final class DevelopmentCertificates {
    private static final String AUTHORITY = "authority";
    private static final String PASSWORD = "development";
    private static final String NODE_DAYS = "825";
    private static final String AUTHORITY_DAYS = "3650";

    private final Path directory;

    /** Touches nothing. */
    public DevelopmentCertificates(Path directory) {
        this.directory = directory;
    }

    /** The authority's certificate. */
    public Path authorities() {
        return directory.resolve("ca.pem");
    }

    public Path certificate(String name) {
        return directory.resolve(name + ".pem");
    }

    public Path key(String name) {
        return directory.resolve(name + "-key.pem");
    }

    /**
     * Makes a certificate, and the authority when there is none yet; one of that name is replaced.
     *
     * @param hosts names and addresses it is for; empty for a client
     */
    public void issue(String name, List<String> hosts) {
        try {
            Files.createDirectories(directory);
            if (!Files.exists(store())) {
                keytool(Stream.of(
                        "-genkeypair",
                        "-alias",
                        AUTHORITY,
                        "-dname",
                        "CN=Eckermann development authority",
                        "-ext",
                        "bc:critical=ca:true",
                        "-ext",
                        "ku:critical=keyCertSign,cRLSign",
                        "-validity",
                        AUTHORITY_DAYS));
                Files.setPosixFilePermissions(store(), PosixFilePermissions.fromString("rw-------"));
            }
            KeyStore keys = load();
            write(
                    authorities(),
                    "CERTIFICATE",
                    List.of(keys.getCertificate(AUTHORITY).getEncoded()));
            if (keys.containsAlias(name)) {
                keytool(Stream.of("-delete", "-alias", name));
            }
            keytool(Stream.concat(
                    Stream.of(
                            "-genkeypair",
                            "-alias",
                            name,
                            "-dname",
                            "CN=" + name,
                            "-signer",
                            AUTHORITY,
                            "-ext",
                            "eku=serverAuth,clientAuth",
                            "-validity",
                            NODE_DAYS),
                    hosts.isEmpty() ? Stream.empty() : Stream.of("-ext", "san=" + alternatives(hosts))));
            write(name, load());
        } catch (IOException | GeneralSecurityException e) {
            throw new LocalException(
                    "The certificate " + name + " can't be made in " + directory + ": " + e.getMessage(), e);
        }
    }

    private static String alternatives(List<String> hosts) {
        return hosts.stream()
                .map(host -> (host.matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*") ? "ip:" : "dns:") + host)
                .collect(Collectors.joining(","));
    }

    private void write(String name, KeyStore keys) throws IOException, GeneralSecurityException {
        List<byte[]> chain = new ArrayList<>();
        for (Certificate each : keys.getCertificateChain(name)) {
            chain.add(each.getEncoded());
        }
        write(certificate(name), "CERTIFICATE", chain);
        Key key = keys.getKey(name, PASSWORD.toCharArray());
        write(
                key(name),
                "PRIVATE KEY",
                List.of(key.getEncoded()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** At once, for a node that reads the files meanwhile. */
    private static void write(Path file, String kind, List<byte[]> parts, FileAttribute<?>... attributes)
            throws IOException {
        Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
        String text = parts.stream()
                .map(part -> "-----BEGIN " + kind + "-----\n" + base64.encodeToString(part) + "\n-----END " + kind
                        + "-----\n")
                .collect(Collectors.joining());
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, attributes);
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private Path store() {
        return directory.resolve("authority.p12");
    }

    private void keytool(Stream<String> arguments) throws IOException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>(List.of(keytool.toString()));
        arguments.forEach(command::add);
        if (command.contains("-genkeypair")) {
            Collections.addAll(command, "-keyalg", "EC", "-groupname", "secp256r1");
        }
        Collections.addAll(command, "-keystore", store().toString(), "-storetype", "PKCS12", "-storepass", PASSWORD);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
