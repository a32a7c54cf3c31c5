package io.eckermann.client.cli;

import io.eckermann.client.cli.backup.Archive;
import io.eckermann.client.cli.backup.Vaults;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the store of backups is reached. */
final class VaultOptions {
    /** For descriptions. */
    static final String PLACES = "a directory, or s3://BUCKET/PREFIX";

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            description = "Of an S3-compatible store that is not AWS's, such as https://minio.example:9000.")
    private @Nullable URI endpoint;

    @Option(names = "--s3-region", paramLabel = "REGION", description = "Default: as AWS's own tools find it.")
    private @Nullable String region;

    Archive open(String place) throws IOException {
        return Archive.open(Vaults.open(place, endpoint, region));
    }
}
