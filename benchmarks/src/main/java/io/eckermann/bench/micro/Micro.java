package io.eckermann.bench.micro;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs these measurements: all, or those whose names match the regular expressions given. Takes JMH's own options. */
public final class Micro {
    private static final int ITERATIONS = 5;
    private static final String[] JVM = {"-Xms1g", "-Xmx1g"};

    private Micro() {}

    /** Runs them and prints JMH's table; about ten seconds for each line. */
    public static void main(String[] arguments) throws Exception {
        CommandLineOptions given = new CommandLineOptions(arguments);
        if (given.shouldHelp()) {
            given.showHelp();
            return;
        }
        OptionsBuilder options = new OptionsBuilder();
        options.parent(given);
        if (given.getIncludes().isEmpty()) {
            options.include("io\\.eckermann\\.bench\\.micro\\..*");
        }
        options.forks(given.getForkCount().orElse(1));
        options.warmupIterations(given.getWarmupIterations().orElse(ITERATIONS));
        options.warmupTime(given.getWarmupTime().orElse(TimeValue.seconds(1)));
        options.measurementIterations(given.getMeasurementIterations().orElse(ITERATIONS));
        options.measurementTime(given.getMeasurementTime().orElse(TimeValue.seconds(1)));
        if (!given.getJvmArgs().hasValue()) {
            options.jvmArgs(JVM);
        }
        new Runner(options.build()).run();
    }
}
