package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.FakeEndpoints;
import io.eckermann.client.cli.backup.Archive;
import io.eckermann.client.cli.backup.Manifest;
import io.eckermann.client.cli.backup.RestoreFiles;
import io.eckermann.client.cli.backup.RestorePlan;
import io.eckermann.client.cli.backup.S3Server;
import io.eckermann.client.cli.backup.Vaults;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a cluster in memory, in a directory and in an S3-compatible store. */
class BackupVerbsTest {
    private static final Archive.Progress UNSEEN = (bytes, total) -> {};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeEndpoints cluster;

    @TempDir
    private Path directory;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = new FakeEndpoints(2);
        cluster.copies(9, files("0-9.segment", "a", "0-9.bodies", "b", "000012.sst", "index", "CURRENT", ""));
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void theSecondBackupFetchesOnlyTheIndexAndNewSegments() throws IOException {
        String place = directory.resolve("kept").toString();
        assertThat(run("backup", "--to", place, "-o", "json")).isZero();
        assertThat(cluster.filesSent()).containsExactly("0-9.bodies", "0-9.segment", "000012.sst", "CURRENT");

        cluster.copies(
                20,
                files(
                        "0-9.segment",
                        "a",
                        "0-9.bodies",
                        "b",
                        "10-20.segment",
                        "c",
                        "10-20.bodies",
                        "dd",
                        "CURRENT",
                        "1"));
        assertThat(run("backup", "--to", place, "-o", "json")).isZero();
        assertThat(cluster.filesSent()).containsExactly("10-20.bodies", "10-20.segment", "CURRENT");
        assertThat(json().path("raft_index").asLong()).isEqualTo(20);
        assertThat(json().path("copied_bytes").asLong()).isEqualTo(4);

        assertThat(run("backup", "list", place, "-o", "ndjson")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
        assertThat(run("backup", "verify", place)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("2 backups are whole");
    }

    @Test
    void aCopyThatBreaksOffGoesOnWithWhatCame() {
        cluster.breakCopies(2);
        assertThat(run("backup", "--to", directory.resolve("kept").toString())).isZero();
        assertThat(cluster.filesSent())
                .filteredOn(name -> name.endsWith(".segment"))
                .hasSize(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Going on with what came.");
    }

    @Test
    void aDamagedOrMissingFileIsNamed() throws IOException {
        Path place = directory.resolve("kept");
        assertThat(run("backup", "--to", place.toString())).isZero();
        Path file = largest(place.resolve("shard-0"));
        Files.writeString(file, "inder");
        assertThat(run("backup", "verify", place.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("000012.sst").contains("is damaged");
        Files.delete(file);
        assertThat(run("backup", "verify", place.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("000012.sst").contains("is missing");

        Path manifest = largest(place.resolve("backups"));
        Files.writeString(manifest, Files.readString(manifest).replace("\"raft_index\" : 9", "\"raft_index\" : 8"));
        assertThat(run("backup", "list", place.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(manifest.getFileName() + " is damaged");
        Files.writeString(manifest, "{\"format\": 3}");
        assertThat(run("backup", "list", place.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("has format 3, this version reads 2");
    }

    @Test
    void droppingOneLeavesTheOthersWhole() throws IOException {
        String place = directory.resolve("kept").toString();
        assertThat(run("backup", "--to", place, "-o", "json")).isZero();
        String first = json().path("id").asText();
        cluster.copies(20, files("0-20.packed", "p", "CURRENT", "1"));
        assertThat(run("backup", "--to", place)).isZero();

        assertThat(run("backup", "drop", place, "--backup", first)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("and 4 files");
        assertThat(run("backup", "verify", place)).isZero();
        assertThat(run("backup", "drop", place, "--backup", first)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void shardsHaveFilesOfTheirOwnInOneBackup() throws IOException {
        cluster.copies(
                9,
                files("0-9.segment", "a", "CURRENT", "0", "1/0-9.segment", "bb", "1/CURRENT", "1", "2/CURRENT", "0"));
        Path place = directory.resolve("kept");
        assertThat(run("backup", "--to", place.toString(), "-o", "json")).isZero();
        assertThat(json().path("shards").asInt()).isEqualTo(3);
        for (int shard = 0; shard < 3; shard++) {
            assertThat(place.resolve("shard-" + shard)).isNotEmptyDirectory();
        }
        cluster.filesSent();
        assertThat(run("backup", "--to", place.toString())).isZero();
        assertThat(cluster.filesSent()).containsExactly("1/CURRENT", "2/CURRENT", "CURRENT");

        Path laidOut = directory.resolve("restoring");
        try (Archive archive = Archive.open(Vaults.open(place.toString(), null, null))) {
            new RestoreFiles(archive, laidOut).fetch(RestorePlan.whole(Archive.find(archive.list(), "")), UNSEEN);
        }
        assertThat(laidOut.resolve("0/base/0-9.segment")).hasContent("a");
        assertThat(laidOut.resolve("1/base/0-9.segment")).hasContent("bb");
        assertThat(laidOut.resolve("2/base/CURRENT")).hasContent("0");
        assertThat(laidOut.resolve("2/log")).isEmptyDirectory();
        assertThat(laidOut.resolve("source")).hasContent("cluster-id=fake\nshards=3\nbase=true\n");
    }

    @Test
    void whatNoNodeWouldNameAFileIsNotTaken() {
        cluster.copies(9, files("..", "a"));
        assertThat(run("backup", "--to", directory.resolve("kept").toString())).isNotZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("can't hold a file ..");
    }

    @Test
    void whatABrokenBackupLeftGoesWithTheNextDrop() throws IOException {
        Path place = directory.resolve("kept");
        assertThat(run("backup", "--to", place.toString(), "-o", "json")).isZero();
        Path left = Files.writeString(place.resolve("shard-0/0a.1.part"), "half");
        assertThat(run(
                        "backup",
                        "drop",
                        place.toString(),
                        "--backup",
                        json().path("id").asText()))
                .isZero();
        assertThat(left).doesNotExist();
        assertThat(place.resolve("shard-0")).isEmptyDirectory();
    }

    @Test
    void whatIsNoPlaceIsWrongUsage() {
        assertThat(run("backup")).isEqualTo(ExitCode.USAGE);
        assertThat(run("backup", "verify", "ftp://there")).isEqualTo(ExitCode.USAGE);
        assertThat(run("backup", "verify", directory.toString())).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void anS3CompatibleStoreKeepsBackupsAndGivesThemBack() throws IOException {
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        try (S3Server store = new S3Server()) {
            String endpoint = store.endpoint().toString();
            store.refuse(1);
            ok("backup", "--to", "s3://backups/shop/x", "--s3-endpoint", endpoint);
            ok("backup", "--to", "s3://backups/shop/x", "--s3-endpoint", endpoint);
            assertThat(store.objects().keySet()).allMatch(key -> key.startsWith("shop/x/"));
            ok("backup", "verify", "s3://backups/shop/x", "--s3-endpoint", endpoint);

            Path laidOut = directory.resolve("restoring");
            try (Archive archive = Archive.open(Vaults.open("s3://backups/shop/x", store.endpoint(), null))) {
                Manifest newest = Archive.find(archive.list(), "");
                new RestoreFiles(archive, laidOut).fetch(RestorePlan.whole(newest), UNSEEN);
            }
            assertThat(laidOut.resolve("0/base/000012.sst")).hasContent("index");
            assertThat(laidOut.resolve("0/base/CURRENT")).isEmptyFile();
            assertThat(laidOut.resolve("source")).hasContent("cluster-id=fake\nshards=1\nbase=true\n");

            System.setProperty("aws.secretAccessKey", "wrong");
            assertThat(run("backup", "list", "s3://backups/shop/x", "--s3-endpoint", endpoint))
                    .isEqualTo(ExitCode.ERROR);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("SignatureDoesNotMatch");
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    private static Map<String, byte[]> files(String... namesAndContents) {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            files.put(namesAndContents[i], namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }

    private static Path largest(Path files) throws IOException {
        try (var all = Files.list(files)) {
            return all.max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private JsonNode json() throws IOException {
        return Json.MAPPER.readTree(out.toByteArray());
    }

    private void ok(String... arguments) {
        assertThat(run(arguments))
                .as(() -> err.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        Console console = new Console(new ByteArrayInputStream(new byte[0]), out, err, List.of(), Map.of());
        return Main.run(console, Map.of("ECKERMANN_ENDPOINTS", cluster.endpoints()), arguments);
    }
}
