package io.eckermann.raftlog.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A bug that is planted to see whether it is found. A class of the product is compiled anew with one place of its source
 * changed; a class loader of its own brings it together with all others of ours. The product has no switch for it.
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

    /** Runs schedules with the bug. */
    interface Schedules {
        /** What the simulation says of this schedule; null when it finds nothing wrong. */
        String violation(long seed, Path home) throws ReflectiveOperationException;
    }

    /** @param directory gets the changed class */
    Schedules plant(Path directory) throws IOException, ReflectiveOperationException {
        Path file = Path.of(System.getProperty("eckermann.root")).resolve(source);
        String text = Files.readString(file);
        int at = text.indexOf(right);
        Violation.unless(
                at >= 0 && text.indexOf(right, at + 1) < 0, "not exactly one place in %s has: %s", source, right);
        Path changed = Files.createDirectories(directory.resolve("source")).resolve(file.getFileName());
        Files.writeString(changed, text.replace(right, wrong));
        Path classes = Files.createDirectories(directory.resolve("classes"));
        compile(changed, classes);
        var run = new Planted(classes)
                .loadClass(PlantedRun.class.getName())
                .getDeclaredMethod("violation", long.class, Path.class);
        run.setAccessible(true);
        return (seed, home) -> (String) run.invoke(null, seed, home);
    }

    private void compile(Path file, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        StringWriter said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", path);
            boolean compiles = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            Violation.unless(compiles, "%s does not compile: %s", name, said);
        }
    }

    /** Classes of ours, each anew, and those of a directory in place of their own. */
    private static final class Planted extends ClassLoader {
        private final Path directory;

        Planted(Path directory) {
            super(PlantedBug.class.getClassLoader());
            this.directory = directory;
        }

        @Override
        protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
            if (!className.startsWith("io.eckermann.")) {
                return super.loadClass(className, resolve);
            }
            synchronized (getClassLoadingLock(className)) {
                Class<?> loaded = findLoadedClass(className);
                return loaded == null ? define(className) : loaded;
            }
        }

        private Class<?> define(String className) throws ClassNotFoundException {
            String name = className.replace('.', '/') + ".class";
            try {
                Path changed = directory.resolve(name);
                byte[] bytes = Files.exists(changed) ? Files.readAllBytes(changed) : original(name);
                return defineClass(className, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(className, e);
            }
        }

        private byte[] original(String name) throws IOException {
            try (InputStream in = getParent().getResourceAsStream(name)) {
                if (in == null) {
                    throw new IOException("no " + name);
                }
                return in.readAllBytes();
            }
        }
    }
}
