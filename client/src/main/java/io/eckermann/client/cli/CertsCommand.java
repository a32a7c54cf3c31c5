package io.eckermann.client.cli;

import io.eckermann.client.cli.local.DevelopmentCertificates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes certificates for trying things out. */
@Command(
        name = "certs",
        description = "Makes an authority and a certificate of it, for development: not for production.",
        footer = {
            "",
            "  eckermann certs tls --hosts n1.example,127.0.0.1",
            "  eckermann certs tls --name client",
            "",
            "The authority lies in DIRECTORY/authority.p12 and vouches for what is made there later, too."
        })
final class CertsCommand extends Verb {
    @Parameters(paramLabel = "DIRECTORY", description = "Where the files go.")
    private Path directory = Path.of("tls");

    @Option(names = "--name", paramLabel = "NAME", description = "What the files are called. Default: node.")
    private String name = "node";

    @Option(
            names = "--hosts",
            paramLabel = "HOST,…",
            split = ",",
            description = "Names and addresses that nodes are reached by; none for a client.")
    private List<String> hosts = new ArrayList<>();

    @Override
    public Integer call() {
        if (!name.matches("[A-Za-z0-9_-]{1,64}") || name.equals("authority") || name.equals("ca")) {
            throw new Failure.Usage("--name is 1 to 64 letters, digits, - and _, and neither authority nor ca.");
        }
        DevelopmentCertificates certificates = new DevelopmentCertificates(directory);
        certificates.issue(name, hosts);
        console().line("authority    " + certificates.authorities());
        console().line("certificate  " + certificates.certificate(name));
        console().line("key          " + certificates.key(name));
        console().flush();
        return ExitCode.OK;
    }
}
