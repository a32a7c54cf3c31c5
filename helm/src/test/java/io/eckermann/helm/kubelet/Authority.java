package io.eckermann.helm.kubelet;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * Who vouches for nodes and clients, as {@code eckermann certs} makes it in a directory.
 *
 * @param machine whose distribution has the command line
 */
record Authority(Machine machine, Path directory) {
    private static final char[] PASSWORD = "development".toCharArray();

    /** Makes a certificate; one of that name is replaced. */
    void issue(String name, String... hosts) throws IOException, InterruptedException {
        Shell.run("JAVA_HOME=%s %s/bin/eckermann certs %s --name %s %s"
                .formatted(
                        machine.java(),
                        machine.distribution(),
                        directory,
                        name,
                        hosts.length == 0 ? "" : "--hosts " + Shell.quoted(String.join(",", hosts))));
    }

    Path certificate() {
        return directory.resolve("ca.pem");
    }

    Path certificate(String name) {
        return directory.resolve(name + ".pem");
    }

    Path key(String name) {
        return directory.resolve(name + "-key.pem");
    }

    BigInteger serial(String name) throws IOException, GeneralSecurityException {
        return ((X509Certificate) store().getCertificate(name)).getSerialNumber();
    }

    /** Shows that certificate, asked for or not. */
    KeyManager[] identity(String name) throws IOException, GeneralSecurityException {
        KeyStore store = store();
        for (String other : Collections.list(store.aliases())) {
            if (!other.equals(name)) {
                store.deleteEntry(other);
            }
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        return keys.getKeyManagers();
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve("authority.p12"))) {
            store.load(in, PASSWORD);
        }
        return store;
    }
}
