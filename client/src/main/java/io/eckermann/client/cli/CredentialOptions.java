package io.eckermann.client.cli;

import io.eckermann.client.Credentials;
import io.eckermann.client.EventStoreBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a verb shows of itself to be let in. Not as an option's value: that is seen by everybody on the machine. */
final class CredentialOptions {
    static final String KEY = "ECKERMANN_API_KEY";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "A file with the key to show. Default: the key in $" + KEY
                    + ", else that of the cluster that 'up --secure' runs on ./data.")
    private @Nullable Path keyFile;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with a token to show instead; read anew when it changes.")
    private @Nullable Path tokenFile;

    @Option(names = "--credentials-in-plain-text", description = "Lets them go to another machine without encryption.")
    private boolean careless;

    /**
     * Has the client show what was asked for.
     *
     * @param env the variables that count where no option says anything
     * @param local the file with a key of a cluster that runs here, which counts when nothing was said
     */
    void apply(EventStoreBuilder builder, Map<String, String> env, Optional<Path> local) {
        if (keyFile != null && tokenFile != null) {
            throw new Failure.Usage("--key-file and --token-file are alternatives.");
        }
        Path file = keyFile == null ? tokenFile : keyFile;
        String given = env.getOrDefault(KEY, "");
        if (file != null) {
            builder.credentials(Credentials.file(file));
        } else if (!given.isBlank()) {
            builder.credentials(Credentials.of(given));
        } else {
            local.ifPresent(key -> builder.credentials(Credentials.file(key)));
        }
        if (careless) {
            builder.credentialsInPlainText();
        }
    }
}
