package io.eckermann.helm;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The chart, used as {@code helm} does, by Helm's own library. */
final class Chart {
    static final String RELEASE = "demo";
    static final String NAMESPACE = "shop";
    /** The newest that is tried. */
    static final String KUBE = "1.36.0";

    private static final Path DIRECTORY = Repository.file("helm/eckermann");
    /** Where hooks are objects like others: Helm's library leaves them out of what it renders. */
    private static final Path WITH_HOOKS = withHooks();

    private Chart() {}

    private static Path withHooks() {
        Path copy = Repository.file("helm/target/chart-with-hooks");
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = copy.resolve(DIRECTORY.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.writeString(
                        to,
                        Files.readString(file).replaceAll("    helm.sh/hook: (test|pre-upgrade)\n", "    hook: $1\n"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    static Helm helm() {
        return new Helm(DIRECTORY);
    }

    static Rendered render(String values) {
        return render(values, KUBE);
    }

    /**
     * What {@code helm template} makes of values, the pod of {@code helm test} too.
     *
     * @param values YAML, over the chart's own
     * @throws RuntimeException with Helm's words when it refuses them
     */
    static Rendered render(String values, String kubeVersion) {
        return Rendered.of(withValues(
                values,
                file -> new Helm(WITH_HOOKS)
                        .template()
                        .withName(RELEASE)
                        .withNamespace(NAMESPACE)
                        .withKubeVersion(kubeVersion)
                        .withValuesFile(file)
                        .call()));
    }

    /** What a person is told after the installation. */
    static String notes(String values) {
        String said = withValues(
                values,
                file -> helm().install()
                        .withName(RELEASE)
                        .withNamespace(NAMESPACE)
                        .withKubeVersion(KUBE)
                        .withDryRunOption(DryRun.CLIENT)
                        .clientOnly()
                        .withValuesFile(file)
                        .call()
                        .getOutput());
        return said.substring(said.indexOf("NOTES:"));
    }

    private interface Use {
        String with(Path values);
    }

    private static String withValues(String values, Use use) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                return use.with(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
