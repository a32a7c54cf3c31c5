package io.eckermann.bench.shards;

import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.load.PipelinedLoad;
import io.eckermann.bench.machine.CpuTime;
import io.eckermann.bench.machine.ProcessSample;
import io.eckermann.bench.system.Connection;
import io.eckermann.bench.system.EckermannSystem;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.Sender;
import io.eckermann.bench.system.Tuning;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What does an append cost a node that leads, and one that follows? Three nodes on this machine, 16 producers, 8 topics, 1 KiB,
 * with one shard and more, and with less under way, which makes smaller entries.
 *
 * <p>Arguments: a directory to store in, seconds of warm-up, seconds of each measurement, and SHARDS:KIB,… with what each
 * producer has under way. Prints lines of {@link DiskRow}, and one of {@link MeasuredRow} for each.
 */
public final class ShardCosts {
    private static final int PRODUCERS = 16;
    private static final int TOPICS = 8;
    private static final int EVENT_BYTES = 1024;
    private static final int[] DISK_BYTES = {1 << 20, 64 << 10};
    private static final int DISK_SECONDS = 5;

    private final RunningSystem system;
    private final HttpClient http = HttpClient.newHttpClient();

    private ShardCosts(RunningSystem system) {
        this.system = system;
    }

    /** All that is counted, at one moment. */
    private record Sample(
            long nanos,
            long bytes,
            List<ProcessSample> nodes,
            List<NodeFigures> figures,
            ProcessSample load,
            CpuTime cpu) {}

    /** Runs the measurement. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args.length > 0 ? args[0] : "shard-costs");
        int warm = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        String runs = args.length > 3 ? args[3] : "1:2048,1:64,2:2048,4:2048";
        Files.createDirectories(directory);
        System.out.println(DiskRow.HEADER);
        for (int bytes : DISK_BYTES) {
            System.out.println(DiskRow.measure(directory, bytes, DISK_SECONDS).csv());
        }
        System.out.println(MeasuredRow.HEADER);
        for (String run : runs.split(",", -1)) {
            String[] parts = run.split(":", 2);
            measure(directory, warm, seconds, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }
    }

    private static void measure(Path directory, int warm, int seconds, int shards, int windowKib) throws Exception {
        Files.createDirectories(directory);
        try (RunningSystem system = new EckermannSystem(shards).start(directory)) {
            System.out.println(new ShardCosts(system)
                    .measured(warm, seconds, shards, windowKib)
                    .csv());
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private MeasuredRow measured(int warm, int seconds, int shards, int windowKib) throws Exception {
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            topics.add("costs-" + i);
        }
        system.createTopics(topics);
        List<List<Sender>> producers = new ArrayList<>();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            Connection connection = system.connect(Tuning.THROUGHPUT);
            connections.add(connection);
            producers.add(List.of(connection.sender(topics.get(i % TOPICS))));
        }
        PipelinedLoad load = new PipelinedLoad(producers, Payloads.random(EVENT_BYTES), windowKib * 1024 / EVENT_BYTES);
        try {
            load.start();
            TimeUnit.SECONDS.sleep(warm);
            Sample before = sample(load);
            TimeUnit.SECONDS.sleep(seconds);
            Sample after = sample(load);
            load.stop();
            if (load.tallies().failures() > 0) {
                System.err.println(load.tallies().failures() + " appends failed, one as "
                        + load.tallies().firstFailure().orElseThrow());
            }
            return row(shards, windowKib, before, after);
        } finally {
            connections.forEach(Connection::close);
        }
    }

    private Sample sample(PipelinedLoad load) throws IOException, InterruptedException {
        List<NodeFigures> figures = new ArrayList<>();
        for (String address : system.figures()) {
            figures.add(NodeFigures.of(http, address));
        }
        return new Sample(
                System.nanoTime(),
                load.tallies().bytes(),
                system.pids().stream().map(ProcessSample::of).toList(),
                figures,
                ProcessSample.of(ProcessHandle.current().pid()),
                CpuTime.now());
    }

    private static MeasuredRow row(int shards, int windowKib, Sample before, Sample after) {
        double seconds = (after.nanos() - before.nanos()) / 1e9;
        double bytes = after.bytes() - before.bytes();
        int nodes = after.nodes().size();
        List<NodeFigures> figures = new ArrayList<>();
        double[] cpu = new double[nodes];
        int leader = 0;
        double known = after.load().cpuSeconds() - before.load().cpuSeconds();
        for (int i = 0; i < nodes; i++) {
            figures.add(after.figures().get(i).since(before.figures().get(i)));
            cpu[i] = after.nodes().get(i).cpuSeconds() - before.nodes().get(i).cpuSeconds();
            known += cpu[i];
            leader = figures.get(i).entries() > figures.get(leader).entries() ? i : leader;
        }
        double all = Arrays.stream(cpu).sum();
        double forces = figures.stream().mapToDouble(NodeFigures::forces).sum();
        double busy = after.cpu().busySeconds() - before.cpu().busySeconds();
        double total = after.cpu().totalSeconds() - before.cpu().totalSeconds();
        return new MeasuredRow(
                shards,
                windowKib,
                bytes / seconds,
                figures.stream().mapToDouble(NodeFigures::entries).sum() / seconds,
                cpu[leader] / bytes * 1e9,
                (all - cpu[leader]) / (nodes - 1) / bytes * 1e9,
                (after.load().cpuSeconds() - before.load().cpuSeconds()) / bytes * 1e9,
                forces / nodes / seconds,
                100 * (busy - known) / total);
    }
}
