package io.eckermann.bench.kafka;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;

/**
 * The main of one node: formats its directory, runs Kafka's own main, and ends with its stdin, so that it can't outlive
 * the process that started it. Arguments: cluster id, configuration file. Kafka's two entry points are written in Scala
 * and called by name.
 */
final class KafkaNode {
    private KafkaNode() {}

    /** Runs until stdin ends. */
    public static void main(String[] arguments) throws Exception {
        Thread watch = new Thread(KafkaNode::endWithStdin, "end with stdin");
        watch.setDaemon(true);
        watch.start();
        String[] format = {"format", "-t", arguments[0], "-c", arguments[1], "--ignore-formatted"};
        Method execute =
                Class.forName("kafka.tools.StorageTool").getMethod("execute", String[].class, PrintStream.class);
        Object code = execute.invoke(null, format, System.err);
        if (!Integer.valueOf(0).equals(code)) {
            throw new IOException("kafka.tools.StorageTool ended with " + code + ".");
        }
        Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object)
                new String[] {arguments[1]});
    }

    private static void endWithStdin() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            // It is closed, which is as good as its end.
        }
        // Its data is thrown away: nothing needs to be closed in order.
        Runtime.getRuntime().halt(0);
    }
}
