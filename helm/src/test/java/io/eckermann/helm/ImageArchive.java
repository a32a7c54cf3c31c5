package io.eckermann.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An image in an OCI archive, read by {@code tar}. */
record ImageArchive(Path file) {
    /** Of the image. */
    JsonNode config() throws IOException, InterruptedException {
        return Repository.JSON.readTree(text(place(manifest().path("config"))));
    }

    /** All files of all layers, as {@code tar --list --verbose} has them: rights, owner, size, date, time, name. */
    List<String[]> files() throws IOException, InterruptedException {
        return layers("--list --verbose --numeric-owner")
                .lines()
                .map(line -> line.split(" +", 6))
                .toList();
    }

    /** What a container has as its root. */
    void unpack(Path root) throws IOException, InterruptedException {
        Files.createDirectories(root);
        String unused = layers("--extract --same-permissions --same-owner --directory " + root);
    }

    private String layers(String verbs) throws IOException, InterruptedException {
        StringBuilder said = new StringBuilder();
        for (JsonNode layer : manifest().path("layers")) {
            String zip = layer.path("mediaType").asText().endsWith("gzip") ? " --gzip" : "";
            said.append(said("tar -xOf '%s' '%s' | tar --warning=no-unknown-keyword %s%s"
                    .formatted(file, place(layer), verbs, zip)));
        }
        return said.toString();
    }

    private JsonNode manifest() throws IOException, InterruptedException {
        JsonNode index = Repository.JSON.readTree(text("index.json"));
        return Repository.JSON.readTree(text(place(index.path("manifests").path(0))));
    }

    private static String place(JsonNode descriptor) {
        return "blobs/" + descriptor.path("digest").asText().replace(':', '/');
    }

    private String text(String name) throws IOException, InterruptedException {
        return said("tar -xOf '%s' '%s'".formatted(file, name));
    }

    private static String said(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(line + " failed");
        }
        return said;
    }
}
