package io.eckermann.gateway.node;

import io.eckermann.gateway.grpc.DrainCall;
import io.eckermann.gateway.peers.HostPort;
import io.eckermann.protocol.v1.DrainResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Drains the node that runs with the same configuration: what a supervisor calls before it stops the node. */
@Command(
        name = "drain",
        description = "Has the node that runs here say that it is not ready, and hand leadership on; then stop it.",
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    @CommandLine.Mixin
    private final Main.Source source = new Main.Source();

    @Option(
            names = "--linger",
            paramLabel = "<duration>",
            description = "Waits so long afterwards, until those who ask for readiness have noticed. Default: 0s.")
    private String linger = "0s";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Main parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        NodeConfig config = source.load(parent.environment());
        HostPort door = config.grpcBind();
        try {
            DrainResponse answer = DrainCall.drain(
                    door.host(), door.port(), config.self().grpc().host(), Certificates.read(config), ANSWER_WITHIN);
            spec.commandLine().getOut().println("drained " + answer.getNode() + ", leader " + answer.getLeader());
        } catch (IOException e) {
            throw new StartException("The node at " + door + " was not drained: " + e.getMessage() + ".", e);
        }
        TimeUnit.MILLISECONDS.sleep(Durations.parse(linger).toMillis());
        return 0;
    }
}
