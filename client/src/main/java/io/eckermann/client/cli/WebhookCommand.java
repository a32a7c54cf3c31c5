package io.eckermann.client.cli;

import io.eckermann.client.EventStore;
import io.eckermann.client.GroupStart;
import io.eckermann.client.Query;
import io.eckermann.client.Webhook;
import io.eckermann.client.WebhookChanges;
import io.eckermann.client.WebhookSettings;
import io.eckermann.client.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The verbs about webhooks. */
@Command(
        name = "webhook",
        description = "Has a topic's events sent to an address, as CloudEvents over HTTP.",
        synopsisSubcommandLabel = "create|list|show|update|pause|resume|delete|parked|replay|drop",
        subcommands = {
            WebhookCommand.Create.class,
            WebhookCommand.ListAll.class,
            WebhookCommand.Show.class,
            WebhookCommand.Update.class,
            WebhookCommand.Pause.class,
            WebhookCommand.Resume.class,
            WebhookCommand.Delete.class,
            WebhookCommand.ListParked.class,
            WebhookCommand.Replay.class,
            WebhookCommand.Drop.class
        })
final class WebhookCommand extends VerbGroup {
    /** How events are sent. */
    static final class Sending {
        @Option(
                names = "--secret",
                paramLabel = "SECRET",
                description = "Sign what is sent: whsec_ followed by 24 to 64 bytes in base64. Empty: do not.")
        private @Nullable String secret;

        @Option(
                names = "--filter",
                paramLabel = "EXPRESSION",
                description = "Only events for which this expression of CEL is true. Empty: all.")
        private @Nullable String filter;

        @Option(
                names = "--max-attempts",
                paramLabel = "COUNT",
                description = "How often an event is sent before it is parked. Default: 10.")
        private @Nullable Integer attempts;

        @Option(
                names = "--min-backoff",
                paramLabel = "TIME",
                converter = Times.DurationConverter.class,
                description = "How long to wait at most after the first failure; doubled with each. Default: 1s.")
        private @Nullable Duration backoffMin;

        @Option(
                names = "--max-backoff",
                paramLabel = "TIME",
                converter = Times.DurationConverter.class,
                description = "And never longer than this. Default: 5m.")
        private @Nullable Duration backoffMax;

        @Option(
                names = "--answer-within",
                paramLabel = "TIME",
                converter = Times.DurationConverter.class,
                description = "How long an answer may take. Default: 10s.")
        private @Nullable Duration timeout;

        WebhookSettings settings(String url) {
            WebhookSettings settings = WebhookSettings.to(url);
            settings = secret == null ? settings : settings.secret(secret);
            settings = filter == null ? settings : settings.filter(filter);
            settings = attempts == null ? settings : settings.attemptsMax(attempts);
            if (backoffMin != null || backoffMax != null) {
                settings = settings.backoff(
                        backoffMin == null ? Duration.ZERO : backoffMin,
                        backoffMax == null ? Duration.ZERO : backoffMax);
            }
            return timeout == null ? settings : settings.timeout(timeout);
        }

        WebhookChanges changes() {
            WebhookChanges changes = secret == null ? WebhookChanges.NONE : WebhookChanges.NONE.secret(secret);
            changes = filter == null ? changes : changes.filter(filter);
            changes = attempts == null ? changes : changes.attemptsMax(attempts);
            changes = backoffMin == null ? changes : changes.backoffMin(backoffMin);
            changes = backoffMax == null ? changes : changes.backoffMax(backoffMax);
            return timeout == null ? changes : changes.timeout(timeout);
        }
    }

    /** Makes a webhook. */
    @Command(
            name = "create",
            description = "Makes a webhook, or finds it with the same settings. The address is asked before.")
    static final class Create extends WebhookVerb {
        @Option(names = "--url", required = true, paramLabel = "URL", description = "Where events are sent.")
        private String url = "";

        @Option(names = "--binary", description = "The payload as the body, the rest in headers.")
        private boolean binary;

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "Only events of this type; several: of one of them.")
        private List<String> types = new ArrayList<>();

        @Option(names = "--tag", paramLabel = "TAG", description = "Only events with this tag; several: with all.")
        private List<String> tags = new ArrayList<>();

        @Option(names = "--earliest", description = "Begin with the topic's first event. Default: with the next one.")
        private boolean earliest;

        @Option(names = "--position", paramLabel = "POSITION", description = "Begin with this position.")
        private @Nullable Long position;

        @Option(
                names = "--time",
                paramLabel = "TIME",
                converter = Times.InstantConverter.class,
                description = "Begin by recorded time: " + TimeOptions.EXAMPLES + ".")
        private @Nullable Instant time;

        @Mixin
        private Sending sending = new Sending();

        @Override
        void run(Webhooks webhooks) throws Exception {
            WebhookSettings settings = sending.settings(url);
            settings = binary ? settings.binary() : settings;
            if (!types.isEmpty() || !tags.isEmpty()) {
                settings =
                        settings.query(Query.types(types.toArray(String[]::new)).tags(tags.toArray(String[]::new)));
            }
            show("made", answer(webhooks.create(topic(), webhook(), settings, start())));
        }

        private GroupStart start() {
            int given = (position == null ? 0 : 1) + (time == null ? 0 : 1) + (earliest ? 1 : 0);
            if (given > 1) {
                throw new Failure.Usage("Give one of --earliest, --position and --time.");
            }
            if (position != null) {
                return GroupStart.position(position);
            }
            if (time != null) {
                return GroupStart.time(time);
            }
            return earliest ? GroupStart.FIRST : GroupStart.LATEST;
        }
    }

    /** Lists webhooks. */
    @Command(name = "list", aliases = "ls", description = "Lists webhooks with how far they are behind.")
    static final class ListAll extends StoreVerb {
        @Option(names = "--topic", paramLabel = "TOPIC", description = "Only this topic's.")
        private String topic = "";

        @Override
        void run(EventStore store) throws Exception {
            WebhookVerb.printAll(
                    console(), output().format(), answer(store.webhooks().list(topic)));
            console().flush();
        }
    }

    /** Shows one webhook. */
    @Command(name = "show", description = "Shows a webhook with how far it is behind.")
    static final class Show extends WebhookVerb {
        @Override
        void run(Webhooks webhooks) throws Exception {
            Webhook found = answer(webhooks.get(topic(), webhook()));
            if (output().format() == Format.table) {
                printAll(console(), output().format(), List.of(found));
            } else {
                Json.print(console(), json(found));
            }
        }
    }

    /** Changes settings. */
    @Command(name = "update", description = "Changes a webhook; what is not named stays as it is.")
    static final class Update extends WebhookVerb {
        @Option(names = "--url", paramLabel = "URL", description = "Where events are sent from now on.")
        private @Nullable String url;

        @Option(names = "--mode", paramLabel = "structured|binary", description = "What a request looks like.")
        private @Nullable String mode;

        @Mixin
        private Sending sending = new Sending();

        @Override
        void run(Webhooks webhooks) throws Exception {
            WebhookChanges changes = sending.changes();
            changes = url == null ? changes : changes.url(url);
            if (mode != null) {
                if (!List.of("structured", "binary").contains(mode)) {
                    throw new Failure.Usage("--mode is structured or binary.");
                }
                changes = changes.binary(mode.equals("binary"));
            }
            if (changes == WebhookChanges.NONE) {
                throw new Failure.Usage("Say what to change, e.g. --max-attempts 5.");
            }
            show("changed", answer(webhooks.update(topic(), webhook(), changes)));
        }
    }

    /** Pauses a webhook. */
    @Command(name = "pause", description = "From now on nothing is sent.")
    static final class Pause extends WebhookVerb {
        @Override
        void run(Webhooks webhooks) throws Exception {
            show("paused", answer(webhooks.pause(topic(), webhook())));
        }
    }

    /** Ends a pause. */
    @Command(name = "resume", description = "Ends a pause, or has one that is retired go on.")
    static final class Resume extends WebhookVerb {
        @Override
        void run(Webhooks webhooks) throws Exception {
            show("resumed", answer(webhooks.resume(topic(), webhook())));
        }
    }

    /** Deletes a webhook. */
    @Command(name = "delete", description = "Deletes a webhook with its position and what it has parked.")
    static final class Delete extends WebhookVerb {
        @Override
        void run(Webhooks webhooks) throws Exception {
            answer(webhooks.delete(topic(), webhook()));
            report("deleted " + webhook() + " of " + topic());
        }
    }

    /** Lists parked events. */
    @Command(name = "parked", description = "Lists events that the webhook gave up, and why.")
    static final class ListParked extends ParkedCommands.ListParked {
        @Override
        String groupName() {
            return Webhook.groupOf(group);
        }
    }

    /** Replays. */
    @Command(name = "replay", description = "Has parked events sent again.")
    static final class Replay extends ParkedCommands.Replay {
        @Override
        String groupName() {
            return Webhook.groupOf(group);
        }
    }

    /** Drops. */
    @Command(name = "drop", description = "Forgets parked events; the topic keeps them.")
    static final class Drop extends ParkedCommands.Drop {
        @Override
        String groupName() {
            return Webhook.groupOf(group);
        }
    }
}
