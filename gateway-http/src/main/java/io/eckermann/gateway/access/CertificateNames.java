package io.eckermann.gateway.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The one name in a client's certificate: of its subject alternative names the URI, as SPIFFE has it; without one the common
 * name of its subject. Two of a kind are none, as nobody could say which was meant.
 */
final class CertificateNames {
    private static final int URI = 6;
    private static final int CHARS_MAX = 190;

    private CertificateNames() {}

    static Optional<String> of(X509Certificate certificate) {
        try {
            List<String> uris = uris(certificate);
            List<String> names = uris.isEmpty() ? commonNames(certificate) : uris;
            return names.size() == 1 ? Optional.of(names.get(0)).filter(CertificateNames::isPlain) : Optional.empty();
        } catch (CertificateParsingException | InvalidNameException e) {
            // What can't be read names nobody.
            return Optional.empty();
        }
    }

    private static List<String> uris(X509Certificate certificate) throws CertificateParsingException {
        List<String> uris = new ArrayList<>();
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> name : names) {
                if (name.get(0).equals(URI)) {
                    uris.add(String.valueOf(name.get(1)));
                }
            }
        }
        return uris;
    }

    private static List<String> commonNames(X509Certificate certificate) throws InvalidNameException {
        List<String> names = new ArrayList<>();
        for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            if (part.getType().equalsIgnoreCase("CN")) {
                names.add(String.valueOf(part.getValue()));
            }
        }
        return names;
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty() && name.length() <= CHARS_MAX && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
