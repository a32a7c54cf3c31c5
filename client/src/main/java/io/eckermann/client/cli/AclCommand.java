package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Access;
import io.eckermann.client.EventStore;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs about who may do what. */
@Command(
        name = "acl",
        description = "Says who may do what: verbs (read, append, cursor, admin) in topics.",
        synopsisSubcommandLabel = "set|list|delete|me",
        subcommands = {AclCommand.SetRules.class, AclCommand.ListAll.class, AclCommand.Delete.class, AclCommand.Me.class
        },
        footer = {
            "",
            "  eckermann acl set billing --allow read,append:orders.* --allow cursor:orders.*:billing",
            "  eckermann acl set role:readers --allow read:*",
            "  eckermann acl set token:alice --role readers"
        })
final class AclCommand extends VerbGroup {
    private static void texts(ObjectNode json, String name, List<?> values) {
        ArrayNode array = json.putArray(name);
        values.forEach(value -> array.add(value.toString()));
    }

    private static String joined(List<?> values) {
        return values.isEmpty()
                ? "-"
                : String.join(" ", values.stream().map(Object::toString).toList());
    }

    /** Says what a subject may do. */
    @Command(
            name = "set",
            description =
                    "Says what a subject may do from now on, in place of what it might: a key's principal, token:SUBJECT,"
                            + " cert:NAME or role:NAME.")
    static final class SetRules extends StoreVerb {
        @Parameters(index = "0", paramLabel = "SUBJECT")
        private String subject = "";

        @Option(
                names = "--allow",
                paramLabel = "VERBS:TOPICS[:CONSUMERS]",
                description = "Such as read,append:orders.* or cursor:orders:billing; may be repeated.")
        private List<String> allow = new ArrayList<>();

        @Option(names = "--role", paramLabel = "NAME", description = "It may what this role may; may be repeated.")
        private List<String> roles = new ArrayList<>();

        @Override
        void run(EventStore store) throws Exception {
            if (allow.isEmpty() && roles.isEmpty()) {
                throw new Failure.Usage("Say what it may with --allow or --role; to take all away: acl delete.");
            }
            List<Access.Grant> grants = allow.stream().map(Access.Grant::parse).toList();
            answer(store.access().setRules(subject, grants, roles));
            ObjectNode json = Json.object().put("subject", subject);
            texts(json, "allow", grants);
            texts(json, "roles", roles);
            report(json, subject + " may " + joined(grants) + (roles.isEmpty() ? "" : ", and as " + joined(roles)));
        }
    }

    /** Takes all away. */
    @Command(name = "delete", description = "Takes all rights of a subject away; its keys stay.")
    static final class Delete extends StoreVerb {
        @Parameters(index = "0", paramLabel = "SUBJECT")
        private String subject = "";

        @Override
        void run(EventStore store) throws Exception {
            answer(store.access().setRules(subject, List.of(), List.of()));
            report(Json.object().put("subject", subject), subject + " may nothing");
        }
    }

    /** Lists rules. */
    @Command(name = "list", aliases = "ls", description = "Lists who may do what.")
    static final class ListAll extends StoreVerb {
        @Parameters(index = "0", paramLabel = "SUBJECT", arity = "0..1", description = "Only what this one may.")
        private String subject = "";

        @Override
        void run(EventStore store) throws Exception {
            List<Access.Rules> all = answer(store.access().rules(subject));
            if (output().format() == Format.table) {
                Table table = new Table("SUBJECT", "ALLOW", "ROLES");
                all.forEach(rules -> table.row(rules.subject(), joined(rules.allow()), joined(rules.roles())));
                table.print(console());
            } else {
                ObjectNode json = Json.object();
                ArrayNode array = json.putArray("rules");
                for (Access.Rules rules : all) {
                    ObjectNode one = array.addObject().put("subject", rules.subject());
                    texts(one, "allow", rules.allow());
                    texts(one, "roles", rules.roles());
                }
                Json.print(console(), json);
            }
        }
    }

    /** Says who one is. */
    @Command(name = "me", description = "Says whom your credentials make you, and what you may do.")
    static final class Me extends StoreVerb {
        @Override
        void run(EventStore store) throws Exception {
            Access.Identity me = answer(store.access().whoAmI());
            ObjectNode json = Json.object().put("principal", me.principal());
            texts(json, "roles", me.roles());
            texts(json, "allow", me.allow());
            report(json, me.principal() + " may " + joined(me.allow()));
        }
    }
}
