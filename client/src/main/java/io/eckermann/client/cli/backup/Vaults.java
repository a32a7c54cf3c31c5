package io.eckermann.client.cli.backup;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens the vault that an address names. */
public final class Vaults {
    private static final Pattern S3 = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?");

    private Vaults() {}

    /**
     * Opens it; nothing need be there yet.
     *
     * @param address a directory, or {@code s3://bucket/prefix}
     * @param endpoint of a store that is not AWS's
     * @throws IllegalArgumentException when the address is none
     */
    public static Vault open(String address, @Nullable URI endpoint, @Nullable String region) {
        if (!address.contains("://")) {
            return new DirectoryVault(Path.of(address));
        }
        Matcher s3 = S3.matcher(address);
        if (!s3.matches()) {
            throw new IllegalArgumentException(
                    "'" + address + "' is neither a directory nor an address such as s3://bucket/prefix.");
        }
        String prefix = s3.group(2) == null ? "" : s3.group(2).replaceAll("/+$", "");
        return new S3Vault(s3.group(1), prefix.isEmpty() ? "" : prefix + "/", endpoint, region);
    }
}
