package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Access;
import io.eckermann.client.EventStore;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs about how much somebody may do. */
@Command(
        name = "quota",
        description = "Says how much a principal, or everybody in a topic (topic:NAME), may do at each node.",
        synopsisSubcommandLabel = "set|list|delete",
        subcommands = {QuotaCommand.SetQuota.class, QuotaCommand.ListAll.class, QuotaCommand.Delete.class})
final class QuotaCommand extends VerbGroup {
    private static ObjectNode json(String subject, Access.Quota quota) {
        ObjectNode json = Json.object().put("subject", subject);
        json.put("events_per_second", quota.eventsPerSecond());
        json.put("bytes_per_second", quota.bytesPerSecond());
        json.put("requests", quota.requests());
        json.put("stored_bytes", quota.storedBytes());
        json.put("read_bytes_per_second", quota.readBytesPerSecond());
        return json.put("connections", quota.connections());
    }

    private static Object bound(long bound) {
        return bound == 0 ? "-" : bound;
    }

    /** Sets a quota. */
    @Command(name = "set", description = "Sets all bounds of a subject anew; those not named are none.")
    static final class SetQuota extends StoreVerb {
        @Parameters(index = "0", paramLabel = "SUBJECT")
        private String subject = "";

        @Option(names = "--events", paramLabel = "COUNT", description = "Appended events a second.")
        private long events;

        @Option(names = "--bytes", paramLabel = "BYTES", description = "Appended bytes a second.")
        private long bytes;

        @Option(names = "--read-bytes", paramLabel = "BYTES", description = "Bytes a second that reads are given.")
        private long readBytes;

        @Option(names = "--connections", paramLabel = "COUNT", description = "Connections at a time.")
        private int connections;

        @Option(names = "--requests", paramLabel = "COUNT", description = "Requests and streams under way at a time.")
        private int requests;

        @Option(names = "--stored-bytes", paramLabel = "BYTES", description = "What a topic may hold.")
        private long stored;

        @Override
        void run(EventStore store) throws Exception {
            Access.Quota quota = new Access.Quota(events, bytes, requests, stored, readBytes, connections);
            answer(store.access().setQuota(subject, quota));
            report(json(subject, quota), "set the quota of " + subject);
        }
    }

    /** Takes a quota away. */
    @Command(name = "delete", description = "Takes all bounds of a subject away.")
    static final class Delete extends StoreVerb {
        @Parameters(index = "0", paramLabel = "SUBJECT")
        private String subject = "";

        @Override
        void run(EventStore store) throws Exception {
            answer(store.access().setQuota(subject, Access.Quota.NONE));
            report(json(subject, Access.Quota.NONE), subject + " has no quota");
        }
    }

    /** Lists quotas. */
    @Command(name = "list", aliases = "ls", description = "Lists all quotas.")
    static final class ListAll extends StoreVerb {
        @Override
        void run(EventStore store) throws Exception {
            List<Access.Rules> all = answer(store.access().rules("")).stream()
                    .filter(rules -> !rules.quota().equals(Access.Quota.NONE))
                    .toList();
            if (output().format() == Format.table) {
                Table table =
                        new Table("SUBJECT", "EVENTS/S", "BYTES/S", "REQUESTS", "STORED", "READ/S", "CONNECTIONS");
                all.forEach(rules -> table.row(
                        rules.subject(),
                        bound(rules.quota().eventsPerSecond()),
                        bound(rules.quota().bytesPerSecond()),
                        bound(rules.quota().requests()),
                        bound(rules.quota().storedBytes()),
                        bound(rules.quota().readBytesPerSecond()),
                        bound(rules.quota().connections())));
                table.print(console());
            } else {
                ObjectNode json = Json.object();
                ArrayNode array = json.putArray("quotas");
                all.forEach(rules -> array.add(json(rules.subject(), rules.quota())));
                Json.print(console(), json);
            }
        }
    }
}
