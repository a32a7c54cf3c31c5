package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every key there is: the table from which parsing, the {@code config} command and docs/configuration.md are made. */
final class Settings {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int SHARDS_MAX = 16;
    private static final List<Setting<?>> TABLE = new ArrayList<>();

    static final Setting<String> CLUSTER_ID = setting(
            "cluster.id",
            "name",
            "eckermann",
            Settings::id,
            "The cluster's name, the same on all its nodes and for ever; a data directory belongs to one cluster.");
    static final Setting<String> NODE_ID = setting(
            "node.id", "name", "n1", Settings::id, "Which of the `nodes` this one is; it never changes for its data.");
    static final Setting<Path> DATA_DIRECTORY = setting(
            "node.data-directory",
            "path",
            "data",
            Settings::path,
            "Where the node keeps everything; made when missing, used by one process at a time.");
    static final Setting<List<Peer>> NODES = setting(
            "nodes",
            "list of `{id, raft, grpc, http}`",
            "[{id: n1, raft: 127.0.0.1:7201, grpc: 127.0.0.1:7301, http: 127.0.0.1:8081}]",
            SettingLists::nodes,
            "This node and others of the cluster with the host:port of their three doors, as the other nodes and clients"
                    + " reach them. Names are resolved anew at each connection. The nodes of a list found a cluster when they"
                    + " all start for the first time; later it is where a node finds the cluster, whose members change by"
                    + " commands alone ([cluster.md](cluster.md)). Or `dns+srv://DOMAIN?nodes=3`: so many that DNS names by SRV"
                    + " records.");
    static final Setting<Boolean> JOIN_BY_ITSELF = setting(
            "cluster.join-by-itself",
            "`true` or `false`",
            "false",
            Settings::flag,
            "Whether a node with an empty data directory that finds a cluster among `nodes` has itself added, in place of"
                    + " the member that has its address, if there is one. Else it waits for `eckermann cluster add`. And whether"
                    + " a node that has damaged or lost its log, vote, kept segments, index or snapshot has itself removed, to come"
                    + " back in that way.");
    static final Setting<Integer> SHARDS = setting(
            "shards",
            "count",
            "1",
            Settings::shards,
            "How many Raft groups the cluster's topics are spread over, 1 to 16; each has a log, an index and a leader of its"
                    + " own on every node. Said when the cluster is founded, the same at all nodes, and never changed"
                    + " ([cluster.md](cluster.md#shards)).");
    static final Setting<String> BIND_HOST = setting(
            "node.bind-host",
            "host",
            "",
            text -> text,
            "Where the node listens; empty: on the hosts of its addresses in `nodes`.");
    static final Setting<Integer> GRPC_PORT = setting(
            "grpc.port",
            "port",
            "0",
            Settings::port,
            "Where the gRPC door listens when that is not the port of its address in `nodes`; 0: it is.");
    static final Setting<Integer> GRPC_CONNECTIONS_MAX = setting(
            "grpc.connections-max",
            "count",
            "4096",
            Settings::count,
            "Connections to the gRPC door at a time, those of the other nodes too; calls on more are refused with"
                    + " OVERLOADED.");
    static final Setting<Integer> GRPC_CALLS_MAX = setting(
            "grpc.calls-max",
            "count",
            "10000",
            Settings::count,
            "Calls on one connection of the gRPC door at a time, reads that follow a topic and open append streams too;"
                    + " more are refused with OVERLOADED.");
    static final Setting<Boolean> GOETHE_CREATE_TOPICS = setting(
            "goethe.create-topics",
            "`true` or `false`",
            "true",
            Settings::flag,
            "Whether producing by Goethe's own service to a topic that does not exist makes it.");
    static final Setting<Integer> HTTP_PORT = setting(
            "http.port",
            "port",
            "0",
            Settings::port,
            "Where the HTTP door listens when that is not the port of its address in `nodes`; 0: it is.");
    static final Setting<String> HTTP_DCB_TOPIC = setting(
            "http.dcb-topic",
            "name",
            "",
            text -> text,
            "A topic that `GET /read` and `POST /append` work on, for the public test suite of Dynamic Consistency"
                    + " Boundaries alone; empty: there are no such routes.");
    static final Setting<List<String>> HTTP_ALLOWED_ORIGINS = setting(
            "http.allowed-origins",
            "list of origins",
            "[]",
            SettingLists::origins,
            "Pages of these origins may use the HTTP door from a browser, e.g. `[https://app.example.org]`; `['*']`: of all.");
    static final Setting<Integer> METRICS_LAG_MAX = setting(
            "metrics.lag-max",
            "count",
            "1000",
            Settings::count,
            "Of how many cursors and groups `GET /metrics` tells the lag; of others it only tells how many there are.");
    static final Setting<Duration> REQUEST_TIMEOUT = setting(
            "request.timeout",
            "duration",
            "10s",
            Durations::parse,
            "How long a request that names no deadline waits for its outcome.");
    static final Setting<Integer> IDEMPOTENCY_RESULTS_MAX = setting(
            "idempotency.results-max",
            "count",
            "100000",
            Settings::count,
            "How many results of appends with an idempotency key are kept for retries, of all topics together.");
    static final Setting<Duration> IDEMPOTENCY_AGE = setting(
            "idempotency.age",
            "duration",
            "24h",
            Durations::parse,
            "For how long such a result is kept. Both settings are those of the node that takes the append.");
    static final Setting<Duration> ELECTION_TIMEOUT_MIN = setting(
            "raft.election-timeout-min",
            "duration",
            "500ms",
            Durations::parse,
            "A follower that hears nothing from its leader for between this long and the maximum stands for election.");
    static final Setting<Duration> ELECTION_TIMEOUT_MAX = setting(
            "raft.election-timeout-max", "duration", "1s", Durations::parse, "See `raft.election-timeout-min`.");
    static final Setting<ByteSize> SEGMENT_SIZE = setting(
            "raft.segment-size",
            "size",
            "32MiB",
            ByteSize::parse,
            "Size of one file of the Raft log; the log is cut in whole files.");
    static final Setting<ByteSize> SNAPSHOT_AFTER = setting(
            "raft.snapshot-after",
            "size",
            "256MiB",
            ByteSize::parse,
            "A snapshot is made when the log has grown by this much since the last one.");
    static final Setting<Duration> SNAPSHOT_INTERVAL = setting(
            "raft.snapshot-interval",
            "duration",
            "1m",
            Durations::parse,
            "A snapshot is made at the latest after this long, if anything was written.");
    static final Setting<Integer> ENTRIES_KEPT = setting(
            "raft.entries-kept",
            "count",
            "256",
            Settings::count,
            "Log entries kept behind a snapshot for nodes that were away; one has up to 1 MiB, which comes back from the disk last.");
    static final Setting<ByteSize> TAIL_CACHE = setting(
            "read.tail-cache",
            "size",
            "32MiB",
            ByteSize::parse,
            "Heap for the newest events of all topics together: who reads these touches neither index nor disk; 0B: none.");
    static final Setting<Duration> RETENTION_INTERVAL = setting(
            "retention.interval",
            "duration",
            "10s",
            Durations::parse,
            "How often the leader looks for events that their topics' settings do not retain any more.");
    static final Setting<Duration> COMPACTION_MIN_AGE = setting(
            "compaction.min-age",
            "duration",
            "10m",
            Durations::parse,
            "In topics that compact their keys, superseded events stay at least this long: who reads or decides on what was"
                    + " read within this time misses none.");
    static final Setting<Integer> COMPACTION_DIRTY_PERCENT = setting(
            "compaction.dirty-percent",
            "count",
            "50",
            Settings::count,
            "Such a topic is looked through when at least this many percent of its bytes are new since the last time, and"
                    + " bodies are written anew of which at least as much is superseded.");
    static final Setting<ByteSize> COMPACTION_SPEED = setting(
            "compaction.speed",
            "size",
            "8MiB",
            ByteSize::parse,
            "How much of such topics the leader reads in a second at most.");
    static final Setting<Duration> SCAVENGE_INTERVAL = setting(
            "scavenge.interval",
            "duration",
            "1m",
            Durations::parse,
            "How often the node looks for space that dead events take, and gives it back.");
    static final Setting<Integer> SCAVENGE_LIVE_PERCENT = setting(
            "scavenge.live-percent",
            "count",
            "50",
            Settings::count,
            "Kept segments of which less than this many percent are live are written anew without the rest; those of"
                    + " which nothing is live are dropped in any case.");
    static final Setting<ByteSize> SCAVENGE_SPEED = setting(
            "scavenge.speed",
            "size",
            "32MiB",
            ByteSize::parse,
            "How much of segments that are written anew is read in a second at most.");
    static final Setting<Duration> SCRUB_INTERVAL = setting(
            "scrub.interval",
            "duration",
            "24h",
            Durations::parse,
            "How often the node reads all its kept segments, and mends what its disk has spoilt from other nodes.");
    static final Setting<ByteSize> SCRUB_SPEED =
            setting("scrub.speed", "size", "4MiB", ByteSize::parse, "How much of them is read in a second at most.");
    static final Setting<ByteSize> DISK_FREE_MIN = setting(
            "disk.free-min",
            "size",
            "256MiB",
            ByteSize::parse,
            "Appends are refused while the filesystem of the leader's data directory has less room than this, or those of so"
                    + " many other nodes that no majority is left. They come back when an eighth more is free.");
    static final Setting<ByteSize> SNAPSHOT_SPEED = setting(
            "snapshot.speed",
            "size",
            "32MiB",
            ByteSize::parse,
            "How much of a snapshot the node sends in a second at most to one that is far behind; 0B: as much as is taken.");
    static final Setting<Duration> CLOCK_MAX_OFFSET = setting(
            "clock.max-offset",
            "duration",
            "5s",
            Durations::parse,
            "A node whose clock differs by more from its peers' is not ready, and as leader takes no writes.");
    static final Setting<List<String>> WEBHOOKS_HOSTS = setting(
            "webhooks.hosts",
            "names",
            "*",
            Settings::hosts,
            "Hosts that webhooks may send events to by https, with commas between them: a name, `*.` and a domain, or `*` for"
                    + " all. Addresses of the loopback and of the link, where clouds keep secrets, only when they are named.");
    static final Setting<List<String>> WEBHOOKS_HTTP_HOSTS = setting(
            "webhooks.http-hosts",
            "names",
            "localhost,127.0.0.1,[::1]",
            Settings::hosts,
            "Hosts that webhooks may send events to by plain http; empty: none.");
    static final Setting<String> WEBHOOKS_ORIGIN = setting(
            "webhooks.origin",
            "name",
            "eckermann",
            Settings::id,
            "Whom receivers of webhooks are asked to allow, in `WebHook-Request-Origin`. The same at all nodes.");
    static final Setting<Duration> SHUTDOWN_TIMEOUT = setting(
            "shutdown.timeout",
            "duration",
            "3s",
            Durations::parse,
            "How long requests under way may take to finish when the node is asked to stop.");
    static final List<Setting<?>> ALL = Stream.of(TABLE, Telemetry.ALL, DigestSettings.ALL, SecuritySettings.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private Settings() {}

    private static <T> Setting<T> setting(
            String key, String type, String defaultText, Function<String, T> parse, String description) {
        Setting<T> setting = new Setting<>(key, type, defaultText, parse, description);
        TABLE.add(setting);
        return setting;
    }

    static String id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a name of 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        return text;
    }

    private static Path path(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("it is empty; name a path");
        }
        return Path.of(text);
    }

    private static int port(String text) {
        int port = number(text);
        if (port > 65_535) {
            throw new IllegalArgumentException("'" + text + "' is not a port from 0 to 65535");
        }
        return port;
    }

    private static int count(String text) {
        int count = number(text);
        if (count < 1) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number from 1");
        }
        return count;
    }

    private static int shards(String text) {
        int shards = count(text);
        if (shards > SHARDS_MAX) {
            throw new IllegalArgumentException("'" + text + "' is more than 16");
        }
        return shards;
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number");
        }
        return Integer.parseInt(text);
    }

    private static List<String> hosts(String text) {
        return Arrays.stream(text.split(","))
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .toList();
    }

    static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        }
        return text.equals("true");
    }
}
