package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.NodeProgram;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A bug that is planted to see whether it is found. A class of the node is compiled anew with one place of its source changed,
 * and put ahead of the node's own; the product has no switch for it. When the place has moved, that is said, loudly.
 *
 * @param name of the bug
 * @param checker that must convict it
 * @param source of the class, from the root of the tree; empty: no class is changed
 * @param right what is there
 * @param wrong what is put there instead
 * @param faults that bring it to light
 */
record PlantedBug(String name, String checker, String source, String right, String wrong, List<String> faults) {
    /** Disks that say fsync is done when it is not. */
    static final String LYING = "ack-before-fsync";

    private static final String FRAMES = "gateway-http/src/main/java/io/eckermann/gateway/read/FramePacker.java";
    private static final String TAKE_SLICE = "batch.addChunks(slice);";

    static final List<PlantedBug> ALL = List.of(
            new PlantedBug(
                    "stale-read",
                    "linearizable",
                    "gateway-http/src/main/java/io/eckermann/gateway/peers/LogBarrier.java",
                    "attempt(passed);\n            return",
                    "passed.complete(null);\n            return",
                    List.of("net-late", "pause-leader")),
            new PlantedBug(LYING, "log", "", "", "", List.of("power-cut-all")),
            // The leader takes for written what it has only sent.
            new PlantedBug(
                    "ack-before-commit",
                    "log",
                    "raft-log/src/main/java/io/eckermann/raftlog/ratis/PromptAppender.java",
                    "told = Math.max(told, request.getLeaderCommit());",
                    "told = Math.max(told, request.getLeaderCommit()); if (getFollower().updateMatchIndex("
                            + "request.getEntries(request.getEntriesCount() - 1).getIndex())) {"
                            + " getLeaderState().onFollowerSuccessAppendEntries(getFollower()); }",
                    List.of("partition-leader", "partition-leader")),
            new PlantedBug(
                    "drop-one",
                    "log",
                    "state-machine/src/main/java/io/eckermann/statemachine/topic/RunAppender.java",
                    "Result refusal = judge(part);",
                    "Result refusal = nextRecordedNs % 23 == 0 ? new Result.Appended(head + 1, part.count(),"
                            + " head + part.count(), nextRecordedNs, false) : judge(part);",
                    List.of()),
            new PlantedBug(
                    "reordered-page",
                    "log",
                    FRAMES,
                    TAKE_SLICE,
                    "batch.addChunks(Math.max(0, batch.getChunksCount() - (batch.getChunksCount() % 5 == 4 ? 1 : 0)), slice);",
                    List.of()),
            // A bit flips between the disk and the reader, and gets a checksum of its own.
            new PlantedBug(
                    "flipped-bit-served",
                    "log",
                    FRAMES,
                    TAKE_SLICE,
                    "byte[] flipped = slice.getChunk().getBody().toByteArray();"
                            + " flipped[flipped.length - 1] ^= (byte) (slice.getChunk().getFirstPosition() % 31 == 0 ? 1 : 0);"
                            + " var body = com.google.protobuf.ByteString.copyFrom(flipped);"
                            + " batch.addChunks(slice.toBuilder().setChunk(slice.getChunk().toBuilder()"
                            + ".setBody(body).setCrc32C(EventsCodec.crc32c(body))));",
                    List.of()),
            new PlantedBug(
                    "duplicate-on-retry",
                    "idempotency",
                    "state-machine/src/main/java/io/eckermann/statemachine/idempotency/RequestTable.java",
                    "return kept == null || isTooOld(kept, request) ? null : kept;",
                    "return null;",
                    List.of()),
            new PlantedBug(
                    "cursor-expectation",
                    "cursor",
                    "state-machine/src/main/java/io/eckermann/statemachine/cursor/CursorRules.java",
                    "commit.expected().isPresent() && commit.expected().getAsLong() != now",
                    "commit.expected().isPresent() && commit.expected().getAsLong() > now",
                    List.of()),
            new PlantedBug(
                    "cursor-ignored-in-step",
                    "steps",
                    "state-machine/src/main/java/io/eckermann/statemachine/topic/ManyAppender.java",
                    "if (objection.isPresent()) {",
                    "if (objection.isPresent() && objection.get().facts().isEmpty()) {",
                    List.of()),
            new PlantedBug(
                    "index-off-by-one",
                    "time-index",
                    "state-machine/src/main/java/io/eckermann/statemachine/topic/TimeIndex.java",
                    "case AT_OR_AFTER -> existing(after);",
                    "case AT_OR_AFTER -> existing(after + 1);",
                    List.of()),
            new PlantedBug(
                    "refused-but-visible",
                    "linearizable",
                    "state-machine/src/main/java/io/eckermann/statemachine/topic/RunAppender.java",
                    "results.add(refusal);",
                    "accept(part, offset, skip);\n                results.add(refusal);",
                    List.of()),
            new PlantedBug(
                    "forget-vote",
                    "raft-meta",
                    "raft-log/src/main/java/org/apache/ratis/util/AtomicFileOutputStream.java",
                    "directoryForce.force(outFile.getParentFile().toPath());",
                    "",
                    List.of("power-cut-at-raft-meta", "power-cut-at-raft-meta")));

    /** The program with the bug. */
    NodeProgram plant(NodeProgram packaged, Path directory) throws IOException {
        if (name.equals(LYING)) {
            return packaged;
        }
        Path file = packaged.root().resolve(source);
        String text = Files.readString(file);
        int at = text.indexOf(right);
        if (at < 0 || text.indexOf(right, at + 1) >= 0) {
            throw new IOException(
                    "The bug " + name + " can't be planted: not exactly one place in " + source + " has: " + right);
        }
        Path changed = Files.createDirectories(directory.resolve("source")).resolve(file.getFileName());
        Files.writeString(changed, text.replace(right, wrong));
        Path classes = Files.createDirectories(directory.resolve("classes"));
        compile(changed, classes, packaged.jars());
        return packaged.with(List.of(classes));
    }

    private void compile(Path file, Path classes, List<Path> jars) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IOException("Bugs are planted by compiling, but this Java has no compiler: use a JDK.");
        }
        String path = jars.stream().map(Path::toString).collect(Collectors.joining(":"));
        StringWriter said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", path);
            if (!compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call()) {
                throw new IOException("The bug " + name + " does not compile: " + said);
            }
        }
    }
}
