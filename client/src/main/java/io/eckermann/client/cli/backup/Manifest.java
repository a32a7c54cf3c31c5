package io.eckermann.client.cli.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.StateCopy;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one backup consists of: the state of a cluster, of each shard at one entry of its Raft log. Written as JSON, with a
 * digest of itself at its end.
 *
 * @param node whose copy it is
 * @param version of that node
 * @param time when the copy was begun, by the node's clock
 * @param shards all that the cluster has, by their numbers from 0
 * @param files of all shards
 */
public record Manifest(
        String clusterId, String node, String version, Instant time, List<StateCopy.End> shards, List<File> files) {
    /** Where manifests are in a vault. */
    static final String DIRECTORY = "backups/";

    /** Before, there was one shard. */
    private static final int FORMAT = 2;

    private static final String ENDING = ".json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    /**
     * A file of the copy. Its name and digest become names of files here and in the vault, so that they are looked at.
     *
     * @param mark as the node gave it, see StateCopy
     * @param sha256 of its content, as hex: by it the vault has it
     */
    public record File(int shard, String name, long bytes, String mark, String sha256) {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");
        private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

        public File {
            if (shard < 0
                    || bytes < 0
                    || !NAME.matcher(name).matches()
                    || !SHA256.matcher(sha256).matches()) {
                throw new IllegalArgumentException("A backup can't hold a file " + name + " of " + bytes + " bytes.");
            }
        }

        /** Where it is in a vault. */
        String place() {
            return directory(shard) + sha256;
        }
    }

    public Manifest {
        shards = List.copyOf(shards);
        files = List.copyOf(files);
        int count = shards.size();
        if (count == 0 || files.stream().anyMatch(file -> file.shard() >= count)) {
            throw new IllegalArgumentException("A backup has at least one shard, and files of no others.");
        }
    }

    /** The last entry of the first shard's Raft log that is in it. */
    public long raftIndex() {
        return shards.get(0).raftIndex();
    }

    /** By time, then by entry. */
    public String id() {
        return ID_TIME.format(time) + "-" + raftIndex();
    }

    /** Where it is in a vault. */
    String place() {
        return DIRECTORY + id() + ENDING;
    }

    static String directory(int shard) {
        return "shard-" + shard + "/";
    }

    static boolean isPlace(String name) {
        return name.startsWith(DIRECTORY) && name.endsWith(ENDING);
    }

    /** How much all files are. */
    public long bytes() {
        return files.stream().mapToLong(File::bytes).sum();
    }

    byte[] encode() {
        ObjectNode json = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("cluster_id", clusterId)
                .put("node", node)
                .put("version", version)
                .put("time", time.toString());
        ArrayNode ends = json.putArray("shards");
        for (StateCopy.End end : shards) {
            ends.addObject().put("term", end.term()).put("raft_index", end.raftIndex());
        }
        ArrayNode list = json.putArray("files");
        for (File file : files) {
            list.addObject()
                    .put("shard", file.shard())
                    .put("name", file.name())
                    .put("bytes", file.bytes())
                    .put("mark", file.mark())
                    .put("sha256", file.sha256());
        }
        json.put("digest", digest(json));
        return json.toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    /** Over what it says, however it is laid out. */
    private static String digest(ObjectNode json) {
        return Sha256.of(json.toString().getBytes(StandardCharsets.UTF_8));
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
            if (!digest.equals(digest(json))) {
                throw damaged(place, null);
            }
            Manifest manifest = of(json);
            if (!manifest.place().equals(place)) {
                throw damaged(place, null);
            }
            return manifest;
        } catch (JsonProcessingException | CharConversionException | DateTimeException | IllegalArgumentException e) {
            throw damaged(place, e);
        }
    }

    private static Manifest of(ObjectNode json) {
        List<StateCopy.End> shards = new ArrayList<>();
        for (JsonNode end : json.path("shards")) {
            shards.add(new StateCopy.End(
                    end.path("term").asLong(), end.path("raft_index").asLong()));
        }
        List<File> files = new ArrayList<>();
        for (JsonNode file : json.path("files")) {
            files.add(new File(
                    file.path("shard").asInt(),
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
                shards,
                files);
    }

    private static IOException damaged(String place, @Nullable Exception cause) {
        return new IOException(
                "The backup " + place
                        + " is damaged: what it says does not match its digest. Move that file away to go on"
                        + " without this backup.",
                cause);
    }
}
