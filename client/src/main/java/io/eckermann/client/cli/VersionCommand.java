package io.eckermann.client.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Says which version this is; {@code --version} asks it too. */
@Command(name = "version", description = "Shows the version of this command line.")
final class VersionCommand extends Verb implements IVersionProvider {
    /** Maven puts it into the jar. */
    private static final String PROPERTIES = "/META-INF/maven/io.eckermann/client/pom.properties";

    @Override
    public Integer call() throws IOException {
        console().line(getVersion()[0]);
        console().flush();
        return ExitCode.OK;
    }

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream(PROPERTIES)) {
            if (in != null) {
                properties.load(in);
            }
        }
        return new String[] {"eckermann " + properties.getProperty("version", "(not packaged)")};
    }
}
