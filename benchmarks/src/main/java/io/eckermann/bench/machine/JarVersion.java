package io.eckermann.bench.machine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of a library, as its build noted it in its jar. */
public final class JarVersion {
    private JarVersion() {}

    /** As Maven notes it; "unknown" when the class path has no such jar. */
    public static String of(String groupId, String artifactId) {
        return in("/META-INF/maven/" + groupId + "/" + artifactId + "/pom.properties");
    }

    /** As the property "version" of a file on the class path, which begins with a slash. */
    public static String in(String file) {
        Properties properties = new Properties();
        try (InputStream in = JarVersion.class.getResourceAsStream(file)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unknown");
    }
}
