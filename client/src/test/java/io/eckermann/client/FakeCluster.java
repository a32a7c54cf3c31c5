package io.eckermann.client;

import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Problem;
import io.eckermann.protocol.v1.StorageView;
import io.eckermann.protocol.v1.TopicSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cluster as a client sees it: topics in memory, producers' sequences, one of several nodes leading. Faults are
 * switched on by tests. Everything here is guarded by its lock.
 */
final class FakeCluster implements AutoCloseable {
    /** What the fake does with the next append. */
    enum Fate {
        ANSWER,
        DROP_BEFORE,
        DROP_AFTER,
        /** The stream breaks, and the append is taken later, as from a leader that was cut off for a while. */
        DROP_STRAGGLING,
        NOT_LEADER,
        TIMED_OUT_BEFORE,
        TIMED_OUT_AFTER,
        OVERLOADED,
        SILENT
    }

    /** One topic's log and its producers. */
    static final class Log {
        final List<Event> events = new ArrayList<>();
        TopicSettings settings = TopicSettings.getDefaultInstance();
        long first = 1;
        /** Sizes of the appends, in order. */
        final List<Integer> appends = new ArrayList<>();

        /** Of each append that was taken. */
        final List<Encoding> encodings = new ArrayList<>();

        final Map<String, TreeMap<Long, AppendResponse>> producers = new HashMap<>();
        final Map<String, Integer> checksums = new HashMap<>();
        /** Refusals that took a sequence, by producer and sequence. */
        final Map<String, AppendResult> refusals = new HashMap<>();

        List<String> payloads() {
            return events.stream().map(e -> e.getPayload().toStringUtf8()).toList();
        }
    }

    final Map<String, Log> logs = new TreeMap<>();
    final java.util.List<io.eckermann.protocol.v1.Schema> schemas = new java.util.ArrayList<>();
    final Map<String, io.eckermann.protocol.v1.Webhook> webhooks = new TreeMap<>();
    /** What copies consist of; the names of those that were sent; how many break off at their end. */
    final Map<String, byte[]> files = new TreeMap<>();

    final List<String> filesSent = new ArrayList<>();
    long copyIndex = 1;
    int copiesToBreak;
    final Map<String, Long> cursors = new TreeMap<>();
    /** By topic/name. */
    final Map<String, FakeGroupsService.State> groups = new TreeMap<>();

    /** How many streams of appends clients have opened. */
    final AtomicInteger appendStreams = new AtomicInteger();

    final List<FakeNode> nodes = new ArrayList<>();
    private final List<AppendRequest> stragglers = new ArrayList<>();
    private final Random random;
    /** Thousandths of appends that meet a fault. */
    int faultsPerMille;

    /** When set, what every append meets. */
    Fate fate = Fate.ANSWER;

    /** Whether nodes say what they know of dead events. */
    volatile boolean scavenges;

    /** The entry at which nodes worked out what their states come to; 0 when they did not. */
    volatile long markedAt;

    /** The node whose state differs, if one does. */
    volatile String differing = "";

    /** Nodes that were told to leave dead events' space alone. */
    final Set<String> notScavenging = ConcurrentHashMap.newKeySet();

    /** What every node says of its disk. */
    volatile StorageView storage = StorageView.getDefaultInstance();

    /** So many changes of members come to this, each after so long. */
    final AtomicInteger changesRefused = new AtomicInteger();

    volatile ErrorCode changeRefusal = ErrorCode.MEMBERS_CHANGING;
    volatile long changeMs;

    /** So many commits of consumers are lost, and their calls with them. */
    int commitsLost;

    int leader;
    /** By shard; empty while there is one shard. */
    List<Integer> shardLeaders = List.of();
    /** Of each topic, while there are several. */
    Map<String, Integer> shards = Map.of();
    /** Appends that came to a node that does not lead their topic's shard. */
    int astray;
    /** How often nodes were asked who leads. */
    int asked;

    int appendsMet;
    int chunkEvents = 10;

    FakeCluster(int size, long seed) throws IOException {
        random = new Random(seed);
        for (int i = 0; i < size; i++) {
            nodes.add(new FakeNode(this, i));
        }
    }

    String endpoints() {
        return String.join(",", nodes.stream().map(FakeNode::address).toList());
    }

    /** A client of all nodes, patient enough for what the tests do to them. */
    EventStore connect() {
        return EventStore.builder()
                .endpoints(endpoints())
                .requestTimeout(Duration.ofSeconds(40))
                .build();
    }

    synchronized Log topic(String name) {
        return logs.computeIfAbsent(name, n -> new Log());
    }

    synchronized void fill(String topic, int count) {
        Log log = topic(topic);
        for (int i = 0; i < count; i++) {
            log.events.add(
                    io.eckermann.client.Event.of("e" + (log.events.size() + 1)).wire());
        }
        notifyAll();
    }

    synchronized void fill(String topic, int count, byte[] payload) {
        Log log = topic(topic);
        for (int i = 0; i < count; i++) {
            log.events.add(io.eckermann.client.Event.of(payload).wire());
        }
        notifyAll();
    }

    /** Of each shard. */
    synchronized void lead(List<Integer> indexes) {
        shardLeaders = indexes;
    }

    synchronized int astray() {
        return astray;
    }

    synchronized int asked() {
        return asked;
    }

    int leaderOf(String topic) {
        return shardLeaders.isEmpty() ? leader : shardLeaders.get(shards.getOrDefault(topic, 0));
    }

    synchronized void lead(int index) {
        leader = index;
    }

    synchronized void loseCommits(int count) {
        commitsLost = count;
    }

    synchronized void meet(Fate next) {
        fate = next;
    }

    synchronized List<String> payloads(String topic) {
        return topic(topic).payloads();
    }

    synchronized List<Integer> appends(String topic) {
        return List.copyOf(topic(topic).appends);
    }

    /** How many appends have come. */
    synchronized int met() {
        return appendsMet;
    }

    synchronized Fate nextFate() {
        appendsMet++;
        if (!stragglers.isEmpty() && random.nextInt(3) == 0) {
            apply(stragglers.remove(random.nextInt(stragglers.size())));
        }
        if (random.nextInt(1000) < faultsPerMille) {
            Fate[] fates = {
                Fate.DROP_BEFORE,
                Fate.DROP_AFTER,
                Fate.DROP_STRAGGLING,
                Fate.NOT_LEADER,
                Fate.TIMED_OUT_BEFORE,
                Fate.TIMED_OUT_AFTER,
                Fate.OVERLOADED
            };
            return fates[random.nextInt(fates.length)];
        }
        return fate;
    }

    synchronized void straggle(AppendRequest request) {
        stragglers.add(request);
    }

    /** Judges and takes an append. */
    synchronized AppendResult apply(AppendRequest request) {
        Log log = logs.get(request.getTopic());
        if (log == null) {
            return problem(ErrorCode.TOPIC_NOT_FOUND);
        }
        List<Event> events = EventsCodec.decode(
                request.getEncoded().getEncoding(),
                request.getEncoded().getBody(),
                request.getEncoded().getCount());
        if (events.stream().anyMatch(e -> e.getType().equals("bad"))) {
            return problem(ErrorCode.EVENT_TOO_LARGE);
        }
        if (events.stream().anyMatch(e -> e.getId().equals("taken"))) {
            return problem(ErrorCode.EVENT_ID_EXISTS);
        }
        String id = request.getProducer().getId();
        long sequence = request.getProducer().getSequence();
        TreeMap<Long, AppendResponse> results = log.producers.computeIfAbsent(id, p -> new TreeMap<>());
        long last = results.isEmpty() ? 0 : results.lastKey();
        String name = id + "/" + sequence;
        if (sequence <= last) {
            AppendResponse first = results.get(sequence);
            if (first == null) {
                return problem(ErrorCode.SEQUENCE_TOO_OLD);
            }
            if (log.checksums.getOrDefault(name, 0) != request.getEncoded().getCrc32C()) {
                return problem(ErrorCode.SEQUENCE_REUSED);
            }
            AppendResult again = AppendResult.newBuilder()
                    .setAppended(first.toBuilder().setDuplicate(true).setHead(log.events.size()))
                    .build();
            return log.refusals.getOrDefault(name, again);
        }
        if (sequence > last + 1) {
            return problem(ErrorCode.SEQUENCE_GAP);
        }
        List<Conflict> conflicts = conflicts(request.getConditionsList(), log.events.size());
        if (!conflicts.isEmpty()) {
            AppendResult refusal = refusal(conflicts, log.events.size(), sequence);
            results.put(sequence, AppendResponse.getDefaultInstance());
            log.checksums.put(name, request.getEncoded().getCrc32C());
            log.refusals.put(name, refusal);
            return refusal;
        }
        log.encodings.add(request.getEncoded().getEncoding());
        long first = log.events.size() + 1L;
        log.events.addAll(events);
        log.appends.add(events.size());
        AppendResponse response = AppendResponse.newBuilder()
                .setFirst(first)
                .setLast(log.events.size())
                .setHead(log.events.size())
                .setRecordedNs(first * 1000)
                .build();
        results.put(sequence, response);
        log.checksums.put(name, request.getEncoded().getCrc32C());
        notifyAll();
        return AppendResult.newBuilder().setAppended(response).build();
    }

    /** The only condition it knows is the head. */
    private static List<Conflict> conflicts(List<Condition> conditions, long head) {
        return conditions.stream()
                .filter(condition -> condition.hasExpectedHead() && condition.getExpectedHead() != head)
                .map(condition -> new Conflict(0, "expected_head", 1, head, head))
                .toList();
    }

    /** A refusal for conditions, which takes the sequence. */
    static AppendResult refusal(List<Conflict> conflicts, long head, long sequence) {
        Problem.Builder problem = problem(ErrorCode.CONDITION_FAILED).getProblem().toBuilder()
                .putFacts(Conflict.FACT, Conflict.text(conflicts))
                .putFacts("head", String.valueOf(head))
                .putFacts("sequence_taken", String.valueOf(sequence));
        return AppendResult.newBuilder().setProblem(problem).build();
    }

    static AppendResult problem(ErrorCode code) {
        return AppendResult.newBuilder()
                .setProblem(Problem.newBuilder().setCode(code.name()).setMessage("The fake says " + code + "."))
                .build();
    }

    @Override
    public void close() {
        nodes.forEach(FakeNode::kill);
    }
}
