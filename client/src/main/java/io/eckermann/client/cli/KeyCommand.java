package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Access;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs about keys. */
@Command(
        name = "key",
        description = "Makes, lists and revokes keys, which programs show to be let in.",
        synopsisSubcommandLabel = "create|list|revoke",
        subcommands = {KeyCommand.Create.class, KeyCommand.ListAll.class, KeyCommand.Revoke.class})
final class KeyCommand extends VerbGroup {
    static ObjectNode json(Access.Key key) {
        ObjectNode json = Json.object().put("id", key.id()).put("principal", key.principal());
        if (!key.note().isEmpty()) {
            json.put("note", key.note());
        }
        key.created().ifPresent(time -> json.put("created_time", Times.exact(time)));
        key.expires().ifPresent(time -> json.put("expires_time", Times.exact(time)));
        return json;
    }

    /** Makes a key. */
    @Command(
            name = "create",
            description = "Makes a key and shows it once: the cluster keeps only what it can be known by.")
    static final class Create extends StoreVerb {
        @Parameters(index = "0", paramLabel = "PRINCIPAL", description = "Whose it is: what rules name.")
        private String principal = "";

        @Option(names = "--note", paramLabel = "TEXT", description = "For people.")
        private String note = "";

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                converter = Times.DurationConverter.class,
                description = "After this long, such as 90d. Default: never.")
        private @Nullable Duration expires;

        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "Writes it into a new file that only you can read, instead of showing it.")
        private @Nullable Path out;

        @Override
        void run(EventStore store) throws Exception {
            Optional<Instant> end = Optional.ofNullable(expires).map(Instant.now()::plus);
            if (out != null) {
                // Before there is a key that nobody could read.
                reserve(out);
            }
            Access.NewKey made = answer(store.access().createKey(principal, note, end));
            if (out != null) {
                Files.write(out, (made.secret() + "\n").getBytes(StandardCharsets.US_ASCII));
                report(json(made.key()), "key " + made.key().id() + " of " + principal + " is in " + out);
            } else if (output().format() == Format.table) {
                console().line(made.secret());
                console().flush();
            } else {
                Json.print(console(), json(made.key()).put("key", made.secret()));
            }
        }

        private static void reserve(Path file) throws IOException {
            FileAttribute<?>[] mine =
                    file.getFileSystem().supportedFileAttributeViews().contains("posix")
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                            }
                            : new FileAttribute<?>[0];
            Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mine)
                    .close();
        }
    }

    /** Lists keys. */
    @Command(name = "list", aliases = "ls", description = "Lists keys, without what is secret.")
    static final class ListAll extends StoreVerb {
        @Parameters(index = "0", paramLabel = "PRINCIPAL", arity = "0..1", description = "Only those of this one.")
        private String principal = "";

        @Override
        void run(EventStore store) throws Exception {
            List<Access.Key> keys = answer(store.access().keys(principal));
            if (output().format() == Format.table) {
                Table table = new Table("ID", "PRINCIPAL", "CREATED", "EXPIRES", "NOTE");
                keys.forEach(key -> table.row(
                        key.id(),
                        key.principal(),
                        key.created().map(Times::shortened).orElse("-"),
                        key.expires().map(Times::shortened).orElse("never"),
                        key.note()));
                table.print(console());
            } else {
                ObjectNode json = Json.object();
                ArrayNode all = json.putArray("keys");
                keys.forEach(key -> all.add(json(key)));
                Json.print(console(), json);
            }
        }
    }

    /** Revokes a key. */
    @Command(name = "revoke", description = "Takes a key away: it opens nothing any more.")
    static final class Revoke extends StoreVerb {
        @Parameters(index = "0", paramLabel = "ID", description = "As list shows it: not the key itself.")
        private String id = "";

        @Override
        void run(EventStore store) throws Exception {
            answer(store.access().revokeKey(id));
            report(Json.object().put("id", id), "revoked key " + id);
        }
    }
}
