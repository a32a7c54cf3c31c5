package io.eckermann.raftlog.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Schedules of the product with some of its classes compiled anew from other sources. A class loader of its own brings them
 * together with all others of ours; the product has no switch for any. Safe from any thread.
 */
final class Variant {
    static final Path ROOT = Path.of(System.getProperty("eckermann.root"));

    private static final Path IN_MEMORY = ROOT.resolve("raft-log/src/memory/java");

    private final Method run;

    private Variant(Method run) {
        this.run = run;
    }

    /**
     * With rows in maps in place of RocksDB, of which most of a schedule's time goes into opening its many families, and with
     * some more sources.
     *
     * @param directory gets the classes
     */
    static Variant inMemory(Path directory, List<Path> more) throws IOException, ReflectiveOperationException {
        try (Stream<Path> files = Files.walk(IN_MEMORY)) {
            List<Path> sources = Stream.concat(
                            files.filter(file -> file.toString().endsWith(".java")), more.stream())
                    .sorted()
                    .toList();
            Path classes = Files.createDirectories(directory.resolve("classes"));
            compile(sources, classes);
            Method run = new Loader(classes)
                    .loadClass(VariantRun.class.getName())
                    .getDeclaredMethod("run", long.class, int.class, Path.class);
            run.setAccessible(true);
            return new Variant(run);
        }
    }

    private static void compile(List<Path> sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        StringWriter said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", path);
            boolean compiles = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            String names =
                    sources.stream().map(Path::getFileName).map(Path::toString).collect(Collectors.joining(", "));
            Violation.unless(compiles, "%s do not compile: %s", names, said);
        }
    }

    /** As {@link Simulation#run}. */
    Tally run(long seed, int steps, Path home) throws IOException {
        try {
            return Tally.of((int[]) run.invoke(null, seed, steps, home));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof AssertionError violation) {
                throw violation;
            }
            throw new IOException("a schedule could not be run", e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** Classes of ours, each anew, and those of a directory in place of their own. */
    private static final class Loader extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        private final Path directory;

        Loader(Path directory) {
            super(Variant.class.getClassLoader());
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
