package io.eckermann.statemachine;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.EventDeletion;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.EventTimeText;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.RunCompression;
import io.eckermann.statemachine.command.TermCollector;
import io.eckermann.statemachine.command.UnreadableCommandException;
import io.eckermann.statemachine.storage.StorageSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A state machine fed without Raft: it numbers entries itself and remembers them for replays. */
public final class TestStore implements AutoCloseable {
    public static final TopicSettings SETTINGS =
            TopicSettings.newBuilder().setMaxEventBytes(1 << 20).build();

    private record Entry(RaftIndex at, ByteString bytes) {}

    private final Path directory;
    private final StorageSettings settings;
    private final List<Entry> log = new ArrayList<>();
    private StateMachine machine;
    private MemoryLog bodies;
    private @Nullable RunCompression compression;

    public TestStore(Path directory) {
        this(directory, StorageSettings.DEFAULTS);
    }

    public TestStore(Path directory, StorageSettings settings) {
        this.directory = directory;
        this.settings = settings;
        machine = open(directory, settings);
        bodies = attach();
    }

    /** A log with the entries committed so far. */
    private MemoryLog attach() {
        MemoryLog attached = new MemoryLog(machine.kept(), directory.resolve("written"));
        log.forEach(entry -> attached.add(entry.at().index(), entry.bytes()));
        machine.attach(attached);
        return attached;
    }

    /** From now on compresses runs as a leader does. */
    public TestStore compressing() {
        compression = new RunCompression();
        return this;
    }

    public StateMachine machine() {
        return machine;
    }

    /** Sees everything committed so far. */
    public ReadView view() {
        awaitVisible(machine);
        return machine.view();
    }

    /** Waits until readers see all that is applied. */
    public static void awaitVisible(StateMachine machine) {
        machine.whenVisible(machine.applied().index())
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** Commits operations as one entry; results in the order of the operations. */
    public List<Result> commit(long leaderTimeNs, List<? extends Operation> operations) {
        CommandBuilder builder = compression == null ? new CommandBuilder() : new CommandBuilder(compression);
        operations.forEach(builder::add);
        CommandBuilder.Built built = builder.build(leaderTimeNs);
        Entry entry = new Entry(new RaftIndex(1, log.size()), built.bytes());
        log.add(entry);
        bodies.add(entry.at().index(), entry.bytes());
        List<Result> results = apply(machine, entry);
        return built.slots().stream().map(results::get).toList();
    }

    public Result commit(long leaderTimeNs, Operation operation) {
        return commit(leaderTimeNs, List.of(operation)).get(0);
    }

    public long createTopic(String name) {
        return ((Result.TopicCreated) commit(1_000, new Operation.CreateTopic(name, SETTINGS))).topicId();
    }

    public Result append(long leaderTimeNs, long topicId, String... payloads) {
        return commit(leaderTimeNs, append(topicId, null, payloads));
    }

    public Result append(long topicId, String producer, long sequence, String... payloads) {
        return commit(5_000, append(topicId, new Operation.ProducerSequence(producer, sequence), payloads));
    }

    public static Operation.Append append(
            long topicId, Operation.@Nullable ProducerSequence producer, String... payloads) {
        List<Event> events = new ArrayList<>();
        for (String payload : payloads) {
            events.add(Event.newBuilder()
                    .setPayload(ByteString.copyFromUtf8(payload))
                    .build());
        }
        EncodedEvents encoded = EventsCodec.encode(events);
        return new Operation.Append(
                topicId, encoded.getCount(), encoded.getEncoding(), encoded.getCrc32C(), encoded.getBody(), producer);
    }

    /** An append with what a door would tell of its events. */
    public static Operation.Append append(
            long topicId, List<Event> events, List<Condition> conditions, Particulars.@Nullable Request request) {
        TermCollector terms = new TermCollector();
        int number = 0;
        for (Event event : events) {
            tell(terms, number, event);
            number++;
        }
        EncodedEvents encoded = EventsCodec.encode(events);
        return new Operation.Append(
                topicId,
                encoded.getCount(),
                encoded.getEncoding(),
                encoded.getCrc32C(),
                encoded.getBody(),
                null,
                Particulars.of(terms.terms(events.size()), conditions, request));
    }

    /** Proposes to delete an event, as a node does that was asked to. */
    public Result deleteEvent(long topicId, long position) {
        StoredChunk stored = view().stored(topicId, position).orElseThrow();
        return commit(8_000, replacement(topicId, position, stored));
    }

    /** What is proposed to delete an event of a chunk. */
    public static Operation.ReplaceBody replacement(long topicId, long position, StoredChunk stored) {
        EncodedEvents without = EventDeletion.without(stored.chunk(), position);
        int number = (int) (position - stored.chunk().getFirstPosition());
        TermCollector terms = new TermCollector();
        tell(
                terms,
                stored.chunk().getSkip() + number,
                EventsCodec.events(stored.chunk()).get(number));
        return new Operation.ReplaceBody(
                topicId,
                position,
                stored.address(),
                without.getEncoding(),
                without.getCrc32C(),
                without.getBody(),
                terms.terms(Integer.MAX_VALUE),
                false);
    }

    private static void tell(TermCollector terms, int number, Event event) {
        if (!event.getType().isEmpty()) {
            terms.add(Particulars.Kind.TYPE, number, event.getTypeBytes());
        }
        if (!event.getKey().isEmpty()) {
            terms.add(Particulars.Kind.KEY, number, event.getKeyBytes());
        }
        for (int i = 0; i < event.getTagsCount(); i++) {
            terms.add(Particulars.Kind.TAG, number, event.getTagsBytes(i));
        }
        if (event.hasTimeNs()) {
            terms.add(Particulars.Kind.EVENT_TIME, number, EventTimeText.of(event.getTimeNs()));
        }
    }

    /** The log's files are gone up to here; what was kept of them stays. */
    public void purgeLog() {
        bodies.purge(machine.applied().index());
    }

    /** Payloads of the topic, all of them. */
    public List<String> payloads(long topicId) {
        return payloads(view().forward(topicId, 1, Long.MAX_VALUE));
    }

    public static List<String> payloads(List<Chunk> chunks) {
        List<String> payloads = new ArrayList<>();
        for (Chunk chunk : chunks) {
            EventsCodec.events(chunk)
                    .forEach(event -> payloads.add(event.getPayload().toStringUtf8()));
        }
        return payloads;
    }

    /** Closes and opens again. */
    public void reopen() {
        machine.close();
        machine = open(directory, settings);
        bodies = attach();
    }

    /** Applies everything this store ever committed that the other has not. */
    public void replayInto(StateMachine other) {
        log.forEach(entry -> apply(other, entry));
    }

    /** Puts a downloaded snapshot in the state's place. */
    public static void replace(StateMachine machine, Path downloaded) throws IOException {
        machine.accept(downloaded);
        machine.install();
    }

    public static StateMachine open(Path directory) {
        return open(directory, StorageSettings.DEFAULTS);
    }

    public static StateMachine open(Path directory, StorageSettings settings) {
        try {
            return StateMachine.open(directory, settings);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Result> apply(StateMachine machine, Entry entry) {
        try {
            return machine.apply(entry.at(), CommandCodec.decode(entry.bytes()));
        } catch (UnreadableCommandException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        machine.close();
    }
}
