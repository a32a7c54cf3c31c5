package io.eckermann.raftlog.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A bug that is planted to see whether it is found: one place of the source of one class of the product is changed. The product
 * has no switch for it.
 *
 * @param source of the class, from the root of the tree
 * @param right what is there, at one place
 * @param wrong what is put there instead
 */
record PlantedBug(String name, String source, String right, String wrong) {
    private static final String BATCHER = "raft-log/src/main/java/io/eckermann/raftlog/Batcher.java";
    private static final String STATE = "state-machine/src/main/java/io/eckermann/statemachine/";

    static final List<PlantedBug> ALL = List.of(
            new PlantedBug(
                    "batcher sends what a change of leaders cut off again, without its sequence",
                    BATCHER,
                    "future.completeExceptionally(ownCopy(failure));",
                    "future.completeExceptionally(ownCopy(failure));"
                            + " if (ownCopy(failure).code() == ErrorCode.LEADER_CHANGED"
                            + " && batch.get(i).operation() instanceof Operation.Append lost) { submit(new"
                            + " Operation.Append(lost.topicId(), lost.count(), lost.encoding(), lost.crc32c(),"
                            + " lost.body(), null)); }"),
            new PlantedBug(
                    "batcher hands out answers in another order",
                    BATCHER,
                    "results.get(places.get(i))",
                    "results.get(i)"),
            new PlantedBug(
                    "retried sequence counts as new",
                    STATE + "topic/AppendRules.java",
                    "by.sequence() == lastSequence + 1",
                    "by.sequence() <= lastSequence + 1"),
            new PlantedBug(
                    "retried idempotency key counts as new",
                    STATE + "idempotency/RequestTable.java",
                    "return kept == null || isTooOld(kept, request) ? null : kept;",
                    "return null;"),
            new PlantedBug(
                    "rows of the old state are remembered after a snapshot",
                    STATE + "StateMachine.java",
                    "hot.clear();",
                    ""),
            new PlantedBug(
                    "entry is applied again after a restart",
                    STATE + "StateMachine.java",
                    "if (at.index() <= applied.index()) {",
                    "if (at.index() < applied.index()) {"),
            new PlantedBug(
                    "refused append is there",
                    STATE + "topic/RunAppender.java",
                    "results.add(refusal);",
                    "accept(part, offset, skip);\n                results.add(refusal);"),
            new PlantedBug(
                    "cursor moves although it was expected elsewhere",
                    STATE + "cursor/CursorRules.java",
                    "commit.expected().getAsLong() != now",
                    "commit.expected().getAsLong() > now"),
            new PlantedBug(
                    "acked event is leased again when its lease ends",
                    STATE + "group/Leases.java",
                    "work.removeEvent(position);",
                    ""),
            new PlantedBug(
                    "group goes by a clock that moves back", STATE + "group/GroupWork.java", "Math.max(", "Math.min("));

    /**
     * Schedules of the product with the bug.
     *
     * @param directory gets the changed class
     */
    Variant plant(Path directory) throws IOException, ReflectiveOperationException {
        Path file = Variant.ROOT.resolve(source);
        String text = Files.readString(file);
        int at = text.indexOf(right);
        Violation.unless(
                at >= 0 && text.indexOf(right, at + 1) < 0, "not exactly one place in %s has: %s", source, right);
        Path changed = Files.createDirectories(directory.resolve("source")).resolve(file.getFileName());
        Files.writeString(changed, text.replace(right, wrong));
        return Variant.inMemory(directory, List.of(changed));
    }
}
