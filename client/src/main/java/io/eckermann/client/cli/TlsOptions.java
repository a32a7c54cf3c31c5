package io.eckermann.client.cli;

import io.eckermann.client.Tls;
import io.eckermann.client.cli.local.DevelopmentCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether connections are encrypted, whom a verb trusts, and what it shows of itself. */
final class TlsOptions {
    static final String AUTHORITIES = "ECKERMANN_TLS_CA";
    static final String CERTIFICATE = "ECKERMANN_TLS_CERT";
    static final String KEY = "ECKERMANN_TLS_CERT_KEY";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--tls", description = "Encrypts, and trusts whom this machine's Java trusts.")
    private boolean tls;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Encrypts, and trusts these authorities alone (PEM). Default: $" + AUTHORITIES
                    + ", else those of the cluster that 'up --tls' runs on ./data.")
    private @Nullable Path authorities;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "The certificate to show to nodes that ask for one (PEM). Default: $" + CERTIFICATE + ".")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "Its private key (PEM, PKCS#8). Default: $" + KEY + ".")
    private @Nullable Path key;

    /**
     * What was asked for; empty for plain text.
     *
     * @param local where certificates of a cluster that runs here may lie, which is asked when nothing was said
     */
    Optional<Tls> chosen(Optional<DevelopmentCertificates> local) {
        Optional<Path> trusted = given(authorities, AUTHORITIES)
                .or(() -> tls
                        ? Optional.empty()
                        : local.map(DevelopmentCertificates::authorities).filter(Files::exists));
        Optional<Path> shown = given(certificate, CERTIFICATE);
        Optional<Path> secret = given(key, KEY);
        if (shown.isPresent() != secret.isPresent()) {
            throw new Failure.Usage("--tls-cert and --tls-key belong together.");
        }
        if (trusted.isEmpty() && shown.isEmpty() && !tls) {
            return Optional.empty();
        }
        Tls chosen = trusted.map(Tls::trusting).orElseGet(Tls::system);
        return Optional.of(shown.isEmpty() ? chosen : chosen.identity(shown.get(), secret.orElseThrow()));
    }

    private Optional<Path> given(@Nullable Path option, String variable) {
        Map<String, String> env = Verb.main(spec).env();
        return option != null
                ? Optional.of(option)
                : Optional.ofNullable(env.get(variable))
                        .filter(text -> !text.isBlank())
                        .map(Path::of);
    }
}
