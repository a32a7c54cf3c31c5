package io.eckermann.raftlog;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The class of Ratis that one of ours stands in for, as it is in the jar. */
public final class StockClass {
    private StockClass() {}

    /** What others may call of it and the one that stands in for it does not have; can be changed. */
    public static Set<String> missingIn(Class<?> ours) throws IOException, ClassNotFoundException {
        List<URL> jars = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (element.endsWith(".jar")) {
                jars.add(Path.of(element).toUri().toURL());
            }
        }
        try (URLClassLoader stock =
                new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> theirs = stock.loadClass(ours.getName());
            if (theirs == ours) {
                throw new IllegalStateException("the one of the jar is in use: " + theirs);
            }
            Set<String> missing = callable(theirs);
            missing.removeAll(callable(ours));
            return missing;
        }
    }

    private static Set<String> callable(Class<?> type) {
        Stream<Executable> members =
                Stream.concat(Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors()));
        return members.filter(member -> !Modifier.isPrivate(member.getModifiers()) && !member.isSynthetic())
                .map(member -> member.getName() + Arrays.toString(member.getParameterTypes()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
