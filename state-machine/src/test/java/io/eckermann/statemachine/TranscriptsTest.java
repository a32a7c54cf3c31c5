package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.condition.Conditional;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands and what they came to, as text. In {@code transcripts/*.txt} a line that begins with {@code >} is an entry:
 * the leader's time and its operations, with {@code |} between them. The lines below it are their results. The last line
 * is the digest of the state: it changes with the format of rows, too. With {@code -Dtranscripts.rewrite=true} the files
 * are written anew.
 */
class TranscriptsTest {
    private static final Path TRANSCRIPTS = Path.of("src/test/resources/transcripts");

    @TempDir
    Path directory;

    @TestFactory
    List<DynamicTest> everyTranscriptStillHolds() throws IOException {
        List<Path> files = DurableFiles.list(TRANSCRIPTS);
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> holds(file)))
                .toList();
    }

    private void holds(Path file) throws IOException {
        List<String> expected = Files.readAllLines(file);
        List<String> actual = new ArrayList<>();
        try (TestStore store = new TestStore(directory.resolve(String.valueOf(file.getFileName())))) {
            for (String line : expected) {
                if (line.startsWith("#")) {
                    actual.add(line);
                } else if (line.startsWith("> ")) {
                    actual.add(line);
                    run(store, line.substring(2)).forEach(result -> actual.add("  " + result));
                }
            }
            actual.add("digest " + store.machine().digest());
        }
        if (Boolean.getBoolean("transcripts.rewrite")) {
            Files.write(file, actual);
        }
        assertThat(actual).isEqualTo(Files.readAllLines(file));
    }

    private static List<String> run(TestStore store, String line) {
        if (line.equals("restart")) {
            store.reopen();
            return List.of();
        }
        String[] words = line.split(" ", 2);
        List<Operation> operations = Arrays.stream(words[1].split(" \\| "))
                .map(TranscriptsTest::operation)
                .toList();
        return store.commit(Long.parseLong(words[0]), operations).stream()
                .map(TranscriptsTest::text)
                // Bytes tell which object they are.
                .map(result -> result.replaceAll("ByteString@[0-9a-f]+", "ByteString"))
                .toList();
    }

    private static OptionalInt number(List<String> words, String what) {
        return words.stream()
                .filter(word -> word.startsWith(what + "="))
                .mapToInt(word -> Integer.parseInt(word.substring(what.length() + 1)))
                .findFirst();
    }

    private static Operation operation(String text) {
        List<String> words = List.of(text.split(" "));
        String name = words.get(1);
        return switch (words.get(0)) {
            case "create" ->
                new Operation.CreateTopic(
                        name,
                        TopicSettings.newBuilder()
                                .setMaxEventBytes(Long.parseLong(words.get(2)))
                                .setUniqueIds(words.contains("unique"))
                                .build(),
                        number(words, "shard").orElse(0));
            case "place" -> new Operation.PlaceTopic(name, number(words, "shard"), Integer.parseInt(words.get(2)));
            case "delete" -> new Operation.DeleteTopic(Long.parseLong(name));
            case "append" -> append(words);
            case "append-ids" ->
                Several.withIds(
                        Long.parseLong(name),
                        words.subList(2, words.size()).stream()
                                .map(Several::event)
                                .toList(),
                        List.of(),
                        null);
            case "many" -> many(words.subList(1, words.size()));
            case "commit" ->
                new Operation.CommitCursor(
                        Long.parseLong(name),
                        words.get(2),
                        Long.parseLong(words.get(3)),
                        words.stream()
                                .filter(word -> word.startsWith("expected="))
                                .mapToLong(word -> Long.parseLong(word.substring("expected=".length())))
                                .findFirst(),
                        words.contains("rewind"));
            case "update" ->
                new Operation.UpdateTopic(
                        Long.parseLong(name),
                        null,
                        new Operation.Retain(bound(words, "age"), bound(words, "bytes"), bound(words, "events")),
                        new Operation.Switches(
                                words.contains("compact") ? Boolean.TRUE : null,
                                words.contains("unique")
                                        ? Boolean.TRUE
                                        : words.contains("any-ids") ? Boolean.FALSE : null,
                                null));
            case "retain" -> new Operation.RetainTopic(Long.parseLong(name));
            case "truncate" -> new Operation.TruncateTopic(Long.parseLong(name), Long.parseLong(words.get(2)));
            case "truncate-before" ->
                new Operation.TruncateTopicBefore(Long.parseLong(name), Long.parseLong(words.get(2)));
            case "replace" -> replace(words);
            case "group" -> new Operation.ChangeGroup(change(text.substring("group ".length())));
            case "forget" -> new Operation.DeleteCursor(Long.parseLong(name), words.get(2));
            default -> rarer(words);
        };
    }

    private static Operation rarer(List<String> words) {
        String name = words.get(1);
        return switch (words.get(0)) {
            case "tidy" ->
                new Operation.TidyIndex(
                        Long.parseLong(name),
                        Long.parseLong(words.get(2)),
                        ByteString.EMPTY,
                        Integer.parseInt(words.get(3)));
            case "compacted" ->
                new Operation.KeysCompacted(
                        Long.parseLong(name), Long.parseLong(words.get(2)), Long.parseLong(words.get(3)));
            case "counted" -> counted(words);
            case "tagged" ->
                TestStore.append(
                        Long.parseLong(name),
                        words.subList(2, words.size()).stream()
                                .map(tag -> Event.newBuilder().addTags(tag).build())
                                .toList(),
                        List.of(),
                        null);
            case "put-schema" ->
                new Operation.PutSchema(
                        Long.parseLong(name),
                        words.get(2),
                        Schema.Format.JSON_SCHEMA,
                        ByteString.copyFromUtf8(words.get(3)),
                        "");
            case "delete-schema" ->
                new Operation.DeleteSchema(Long.parseLong(name), words.get(2), Integer.parseInt(words.get(3)));
            default -> throw new IllegalArgumentException(String.join(" ", words));
        };
    }

    /** {@code 1=a,b} appends to topic 1, {@code 1=a?3} if its head is 3; {@code @1:billing:2:0} moves a cursor from 0 to 2. */
    private static Operation many(List<String> words) {
        List<Operation.Append> appends = new ArrayList<>();
        List<Operation.CommitCursor> cursors = new ArrayList<>();
        Particulars.Request request = null;
        for (String word : words) {
            String[] of = word.split("[=?@:]", -1);
            if (word.startsWith("@")) {
                cursors.add(Several.commit(Long.parseLong(of[1]), of[2], Long.parseLong(of[3]), Long.parseLong(of[4])));
            } else if (word.startsWith("key=")) {
                request = Several.request(of[1], words.toString());
            } else {
                List<Event> events = Arrays.stream(of[1].split(",", -1))
                        .map(payload -> Event.newBuilder()
                                .setPayload(ByteString.copyFromUtf8(payload))
                                .build())
                        .toList();
                appends.add(TestStore.append(
                        Long.parseLong(of[0]),
                        events,
                        of.length == 2 ? List.of() : List.of(Conditional.head(Long.parseLong(of[2]))),
                        null));
            }
        }
        return Several.many(appends, cursors, request);
    }

    private static GroupChange change(String text) {
        GroupChange.Builder change = GroupChange.newBuilder();
        try {
            TextFormat.merge(text, change);
        } catch (TextFormat.ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
        return change.build();
    }

    private static String text(Result result) {
        return result instanceof Result.GroupChanged changed
                ? "Group[" + TextFormat.printer().emittingSingleLine(true).printToString(changed.outcome()) + "]"
                : String.valueOf(result);
    }

    private static OptionalLong bound(List<String> words, String name) {
        return words.stream()
                .filter(word -> word.startsWith(name + "="))
                .mapToLong(word -> Long.parseLong(word.substring(name.length() + 1)))
                .findFirst();
    }

    /**
     * Topic, position, and Raft index, ordinal, offset and length of what is replaced; perhaps the tag that its first event
     * had, and that it was superseded.
     */
    private static Operation replace(List<String> words) {
        ByteString body =
                EventsCodec.body(List.of(Event.newBuilder().setDeleted(true).build()));
        return new Operation.ReplaceBody(
                Long.parseLong(words.get(1)),
                Long.parseLong(words.get(2)),
                new ChunkAddress(
                        Long.parseLong(words.get(3)),
                        Integer.parseInt(words.get(4)),
                        Integer.parseInt(words.get(5)),
                        Integer.parseInt(words.get(6))),
                Encoding.PLAIN,
                EventsCodec.crc32c(body),
                body,
                words.size() < 8
                        ? List.of()
                        : List.of(new Particulars.Term(
                                Particulars.Kind.TAG, ByteString.copyFromUtf8(words.get(7)), List.of(0, 1))),
                words.contains("superseded"));
    }

    /** {@code counted 1 p:2 3 a} appends a as p's second if topic 1's head is 3; being refused takes the sequence, too. */
    private static Operation counted(List<String> words) {
        String[] by = words.get(2).split(":", -1);
        Operation.Append append = TestStore.append(
                Long.parseLong(words.get(1)),
                words.subList(4, words.size()).stream()
                        .map(payload -> Event.newBuilder()
                                .setPayload(ByteString.copyFromUtf8(payload))
                                .build())
                        .toList(),
                List.of(Conditional.head(Long.parseLong(words.get(3)))),
                null);
        return append.by(new Operation.ProducerSequence(by[0], Long.parseLong(by[1]), true));
    }

    private static Operation append(List<String> words) {
        String[] by = words.get(2).split(":", -1);
        String[] payloads = words.subList(3, words.size()).toArray(String[]::new);
        Operation.ProducerSequence sequence =
                by.length == 1 ? null : new Operation.ProducerSequence(by[0], Long.parseLong(by[1]));
        return TestStore.append(Long.parseLong(words.get(1)), sequence, payloads);
    }
}
