package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Group;
import io.eckermann.client.Groups;
import io.eckermann.client.Lease;
import io.eckermann.client.LeaseOptions;
import io.eckermann.client.LeasedEvent;
import io.eckermann.client.Settled;
import io.eckermann.client.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a group's members do, by hand. */
final class LeaseCommands {
    private LeaseCommands() {}

    /** Leases events. */
    @Command(
            name = "lease",
            description = "Leases events and shows them with the lease's token, which ack, nack, park and extend need.")
    static final class Take extends GroupVerb {
        @Option(names = "--member", paramLabel = "NAME", description = "Who leases; exclusive groups need it.")
        private String member = "";

        @Option(names = "--max", paramLabel = "COUNT", description = "At most so many. Default: ${DEFAULT-VALUE}.")
        private int max = 100;

        @Option(
                names = "--wait",
                paramLabel = "TIME",
                converter = Times.DurationConverter.class,
                description = "How long to wait for the first, at most 60s.")
        private Duration patience = Duration.ZERO;

        @Option(
                names = "--visibility",
                paramLabel = "TIME",
                converter = Times.DurationConverter.class,
                description = "How long the lease lasts, if not as the group says.")
        private Duration visibility = Duration.ZERO;

        @Override
        void run(Groups groups) throws Exception {
            Lease lease = answer(groups.lease(topic(), group, new LeaseOptions(member, max, patience, visibility)));
            if (output().format() == Format.table && lease.isEmpty()) {
                console()
                        .note("nothing to lease: " + lease.idle().replace('_', ' ')
                                + held(answer(groups.get(topic(), group))));
            } else if (output().format() == Format.table) {
                table(lease);
            } else {
                ObjectNode json = Json.object();
                var events = json.putArray("events");
                lease.events().forEach(event -> events.add(json(event)));
                if (lease.isEmpty()) {
                    json.put("idle", lease.idle());
                } else {
                    json.put("token", lease.token()).put("until_ns", Long.toString(lease.untilNs()));
                }
                Json.print(console(), json);
            }
        }

        /** Why there may be events nevertheless. */
        private static String held(Group group) {
            String leased = group.inFlight() == 0 ? "" : "; leased: " + group.inFlight();
            return leased
                    + (group.waiting() == 0
                            ? ""
                            : "; waiting for their time or for others of their key: " + group.waiting());
        }

        private static ObjectNode json(LeasedEvent event) {
            return EventJson.write(event.recorded()).put("attempts", event.attempts());
        }

        private void table(Lease lease) {
            EventWriter writer = new EventWriter(console(), EventWriter.Kind.table);
            writer.start();
            lease.events().forEach(event -> writer.write(event.recorded()));
            console().flush();
            lease.events().stream()
                    .filter(event -> event.attempts() > 1)
                    .forEach(event -> console()
                            .note("event " + event.position() + " is leased for the "
                                    + (event.attempts() == 2
                                            ? "2nd"
                                            : event.attempts() == 3 ? "3rd" : event.attempts() + "th")
                                    + " time"));
            console()
                    .note("token " + lease.token() + ", until " + Times.shortened(lease.until())
                            + "; when done: group ack " + topic() + " " + group + " " + lease.token());
        }
    }

    /** Settles events of one lease. */
    private abstract static class Settle extends GroupVerb {
        @Parameters(index = "2", paramLabel = "TOKEN", description = "Came with the lease.")
        private long token;

        @Parameters(index = "3..*", paramLabel = "POSITION", description = "Only these; none: all of the lease.")
        private List<Long> positions = new ArrayList<>();

        abstract Settlement settlement(long token, List<Long> positions);

        @Override
        final void run(Groups groups) throws Exception {
            Settled settled = answer(groups.settle(topic(), group, List.of(settlement(token, positions))));
            List<Long> lost = settled.lost().stream()
                    .flatMap(each -> each.positions().stream())
                    .toList();
            if (output().format() != Format.table) {
                ObjectNode json = Json.object().put("settled", settled.settled());
                json.set("lost", numbers(lost));
                Json.print(console(), json);
            } else if (!output().quiet()) {
                console()
                        .line("settled " + settled.settled()
                                + (lost.isEmpty() ? "" : ", no longer leased: " + text(lost)));
            }
        }
    }

    /** Acks. */
    @Command(name = "ack", description = "Events are done with.")
    static final class Ack extends Settle {
        @Override
        Settlement settlement(long token, List<Long> positions) {
            return Settlement.ack(token, positions);
        }
    }

    /** Nacks. */
    @Command(name = "nack", description = "Events are to be leased again; after too many attempts they are parked.")
    static final class Nack extends Settle {
        @Option(
                names = "--delay",
                paramLabel = "TIME",
                converter = Times.DurationConverter.class,
                description = "Not before so much time has passed.")
        private Duration delay = Duration.ZERO;

        @Option(names = "--reason", paramLabel = "TEXT", description = "For people.")
        private String reason = "";

        @Override
        Settlement settlement(long token, List<Long> positions) {
            return Settlement.nack(token, positions, delay, reason);
        }
    }

    /** Parks. */
    @Command(name = "park", description = "Events are set aside until they are replayed or dropped.")
    static final class Park extends Settle {
        @Option(names = "--reason", paramLabel = "TEXT", description = "For people.")
        private String reason = "";

        @Override
        Settlement settlement(long token, List<Long> positions) {
            return Settlement.park(token, positions, reason);
        }
    }

    /** Extends a lease. */
    @Command(name = "extend", description = "Leases end so much later than now.")
    static final class Extend extends GroupVerb {
        @Parameters(index = "2..*", arity = "1..*", paramLabel = "TOKEN", description = "Came with the lease.")
        private List<Long> tokens = new ArrayList<>();

        @Option(
                names = "--visibility",
                paramLabel = "TIME",
                converter = Times.DurationConverter.class,
                description = "From now on, if not as the group says.")
        private Duration visibility = Duration.ZERO;

        @Override
        void run(Groups groups) throws Exception {
            List<Long> lost = answer(groups.extend(topic(), group, tokens, visibility));
            if (output().format() != Format.table) {
                ObjectNode json = Json.object();
                json.set("lost", numbers(lost));
                Json.print(console(), json);
            } else if (!output().quiet()) {
                console()
                        .line("extended " + (tokens.size() - lost.size())
                                + (lost.isEmpty() ? "" : ", had ended before: " + text(lost)));
            }
        }
    }
}
