package io.eckermann.client.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.Command;

/** Says which version this is. */
@Command(name = "version", description = "Shows the version of this command line.")
final class VersionCommand extends Verb {
    /** Maven puts it into the jar. */
    private static final String PROPERTIES = "/META-INF/maven/io.eckermann/client/pom.properties";

    @Override
    public Integer call() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream(PROPERTIES)) {
            if (in != null) {
                properties.load(in);
            }
        }
        console().line("eckermann " + properties.getProperty("version", "(not packaged)"));
        console().flush();
        return ExitCode.OK;
    }
}
