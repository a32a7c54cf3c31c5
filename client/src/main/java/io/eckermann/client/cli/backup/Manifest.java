package io.eckermann.client.cli.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one backup consists of: the state of one shard of a cluster at one entry of its Raft log. Written as JSON, with a
 * digest of itself at its end.
 *
 * @param node whose copy it is
 * @param version of that node
 * @param time when the copy was made, by the node's clock
 * @param raftIndex the last entry that is in it; term, that entry's term
 */
public record Manifest(
        String clusterId,
        String node,
        String version,
        Instant time,
        int shard,
        long term,
        long raftIndex,
        List<File> files) {
    /** Where manifests are in a vault. */
    static final String DIRECTORY = "backups/";

    private static final int FORMAT = 1;
    private static final String ENDING = ".json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    /**
     * A file of the copy.
     *
     * @param mark as the node gave it, see StateCopy
     * @param sha256 of its content, as hex: by it the vault has it
     */
    public record File(String name, long bytes, String mark, String sha256) {}

    public Manifest {
        files = List.copyOf(files);
    }

    /** By time, then by entry. */
    public String id() {
        return ID_TIME.format(time) + "-" + raftIndex;
    }

    /** Where it is in a vault. */
    String place() {
        return DIRECTORY + id() + ENDING;
    }

    /** Where a file of it is in a vault. */
    String placeOf(File file) {
        return directory(shard) + file.sha256();
    }

    static String directory(int shard) {
        return "shard-" + shard + "/";
    }

    static boolean isPlace(String name) {
        return name.startsWith(DIRECTORY) && name.endsWith(ENDING);
    }

    byte[] encode() {
        ObjectNode json = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("cluster_id", clusterId)
                .put("node", node)
                .put("version", version)
                .put("time", time.toString())
                .put("shard", shard)
                .put("term", term)
                .put("raft_index", raftIndex);
        ArrayNode list = json.putArray("files");
        for (File file : files) {
            list.addObject()
                    .put("name", file.name())
                    .put("bytes", file.bytes())
                    .put("mark", file.mark())
                    .put("sha256", file.sha256());
        }
        json.put("digest", Sha256.of(bytes(json)));
        return bytes(json);
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads one.
     *
     * @param place for the message
     * @throws IOException that names it, when it is damaged, or of a version that this one can't read
     */
    static Manifest decode(String place, byte[] bytes) throws IOException {
        try {
            if (!(JSON.readTree(bytes) instanceof ObjectNode json)) {
                throw damaged(place, null);
            }
            if (json.path("format").asInt() != FORMAT) {
                throw new IOException("The backup " + place + " has format " + json.path("format") + ", this version"
                        + " reads " + FORMAT + ": use the version that wrote it, or a newer one.");
            }
            String digest = json.path("digest").asText();
            json.remove("digest");
            if (!digest.equals(Sha256.of(bytes(json)))) {
                throw damaged(place, null);
            }
            Manifest manifest = of(json);
            if (!manifest.place().equals(place)) {
                throw damaged(place, null);
            }
            return manifest;
        } catch (com.fasterxml.jackson.core.JsonProcessingException | DateTimeParseException e) {
            throw damaged(place, e);
        }
    }

    private static Manifest of(ObjectNode json) {
        List<File> files = new ArrayList<>();
        for (JsonNode file : json.path("files")) {
            files.add(new File(
                    file.path("name").asText(),
                    file.path("bytes").asLong(),
                    file.path("mark").asText(),
                    file.path("sha256").asText()));
        }
        return new Manifest(
                json.path("cluster_id").asText(),
                json.path("node").asText(),
                json.path("version").asText(),
                Instant.parse(json.path("time").asText()),
                json.path("shard").asInt(),
                json.path("term").asLong(),
                json.path("raft_index").asLong(),
                files);
    }

    private static IOException damaged(String place, @org.jspecify.annotations.Nullable Exception cause) {
        return new IOException("The backup " + place + " is damaged: what it says does not match its digest.", cause);
    }
}
