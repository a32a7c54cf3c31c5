package io.eckermann.client.cli;

import io.eckermann.client.Compression;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStoreBuilder;
import io.eckermann.client.cli.local.PortPlan;
import io.eckermann.client.cli.local.RunningNodes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which cluster a verb talks to, and how long it waits. */
final class ClusterOptions {
    static final String ENDPOINTS = "ECKERMANN_ENDPOINTS";
    static final String DATA = "ECKERMANN_DATA";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--endpoints",
            paramLabel = "HOST:PORT,…",
            description = "gRPC addresses of nodes to begin with. Default: $" + ENDPOINTS
                    + ", else the cluster that 'up' runs on ./data, else 127.0.0.1:" + PortPlan.GRPC + ".")
    private String endpoints = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Times.DurationConverter.class,
            description = "How long one request may take, such as 500ms, 10s, 1m. Default: 10s.")
    private Duration timeout = Duration.ofSeconds(10);

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    /** The addresses given by option or environment, or of a cluster that runs here. */
    Optional<List<String>> known() {
        return known(dataDirectory(main()));
    }

    /** The same, where the cluster that runs here keeps its data there. */
    Optional<List<String>> known(Path data) {
        String given = given();
        if (!given.isBlank()) {
            return Optional.of(List.of(given.trim().split("\\s*,\\s*")));
        }
        return RunningNodes.find(data).map(RunningNodes::grpcAddresses);
    }

    private String given() {
        return endpoints.isEmpty() ? main().env().getOrDefault(ENDPOINTS, "") : endpoints;
    }

    EventStore open() {
        return open(Compression.AUTO);
    }

    /** Opens a client that compresses what it appends so. */
    EventStore open(Compression compression) {
        List<String> addresses = known().orElse(List.of("127.0.0.1:" + PortPlan.GRPC));
        return builder(addresses, Duration.ZERO).compression(compression).build();
    }

    /** Opens a client with at least this timeout. */
    EventStore open(List<String> addresses, Duration atLeast) {
        return builder(addresses, atLeast).build();
    }

    private EventStoreBuilder builder(List<String> addresses, Duration atLeast) {
        EventStoreBuilder builder = EventStore.builder()
                .endpoints(addresses)
                .requestTimeout(timeout.compareTo(atLeast) < 0 ? atLeast : timeout);
        Optional<RunningNodes> local = local();
        tls.chosen(main().env(), local.flatMap(RunningNodes::certificates)).ifPresent(builder::tls);
        credentials.apply(builder, main().env(), local.flatMap(RunningNodes::firstKey));
        return builder;
    }

    /** The cluster that runs here, when no other was named. */
    private Optional<RunningNodes> local() {
        return given().isBlank() ? RunningNodes.find(dataDirectory(main())) : Optional.empty();
    }

    static Path dataDirectory(Main main) {
        return Path.of(main.env().getOrDefault(DATA, "data"));
    }

    private Main main() {
        return Verb.main(spec);
    }
}
