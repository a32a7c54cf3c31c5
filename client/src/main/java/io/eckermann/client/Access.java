package io.eckermann.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Who may do what. All but {@link #whoAmI} is for administrators. */
public interface Access {
    /** What can be allowed. */
    enum Verb {
        READ,
        APPEND,
        /** Cursors and groups. */
        CURSOR,
        /** Topics, their schemas and webhooks; with every topic ({@code *}) the cluster, too. */
        ADMIN
    }

    /**
     * Something that is allowed.
     *
     * @param topics a name, the beginning of names and a star, or a star for all but those of the system
     * @param consumers of {@link Verb#CURSOR} alone: the same of consumers and groups; empty: all
     */
    record Grant(List<Verb> verbs, String topics, String consumers) {
        /**
         * Reads {@code read,append:orders.*} or {@code cursor:orders.*:mail-*}.
         *
         * @throws IllegalArgumentException when it is something else
         */
        public static Grant parse(String text) {
            String[] parts = text.split(":", -1);
            if (parts.length < 2 || parts.length > 3 || parts[1].isEmpty()) {
                throw new IllegalArgumentException(
                        "A grant is VERBS:TOPICS, like read,append:orders.* or cursor:orders.*:CONSUMERS, not " + text
                                + ".");
            }
            List<Verb> verbs = new ArrayList<>();
            for (String verb : parts[0].split(",", -1)) {
                try {
                    verbs.add(Verb.valueOf(verb.toUpperCase(Locale.ROOT)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "There are read, append, cursor and admin, not " + verb + ".", e);
                }
            }
            return new Grant(verbs, parts[1], parts.length == 3 ? parts[2] : "");
        }

        /** As {@link #parse} reads it. */
        @Override
        public String toString() {
            String names = String.join(
                    ",",
                    verbs.stream()
                            .map(verb -> verb.name().toLowerCase(Locale.ROOT))
                            .toList());
            return names + ":" + topics + (consumers.isEmpty() ? "" : ":" + consumers);
        }
    }

    /**
     * How much somebody may do, at each node; 0: no bound.
     *
     * @param eventsPerSecond of appends
     * @param bytesPerSecond of appends
     * @param requests of a principal alone: under way at a time
     * @param storedBytes of a topic alone
     * @param readBytesPerSecond of a principal alone
     * @param connections of a principal alone
     */
    record Quota(
            long eventsPerSecond,
            long bytesPerSecond,
            int requests,
            long storedBytes,
            long readBytesPerSecond,
            int connections) {
        public static final Quota NONE = new Quota(0, 0, 0, 0, 0, 0);
    }

    /** What is said of a subject. */
    record Rules(String subject, List<Grant> allow, List<String> roles, Quota quota) {}

    /** A key, without what is secret. */
    record Key(String id, String principal, String note, Optional<Instant> created, Optional<Instant> expires) {}

    /**
     * A key that was made just now.
     *
     * @param secret what is shown to the cluster, which does not keep it
     */
    record NewKey(Key key, String secret) {
        /** Without the secret. */
        @Override
        public String toString() {
            return key.toString();
        }
    }

    /** Whom a client's credentials make it. */
    record Identity(String principal, List<String> roles, List<Grant> allow) {}

    /**
     * Makes a key.
     *
     * @param principal whose; a name without a colon
     * @param note for people; may be empty
     * @param expires empty: never
     */
    CompletableFuture<NewKey> createKey(String principal, String note, Optional<Instant> expires);

    /** Keys of a principal; empty: of all. */
    CompletableFuture<List<Key>> keys(String principal);

    CompletableFuture<Void> revokeKey(String id);

    /**
     * Says what a subject may do, in place of what it might.
     *
     * @param subject a key's principal, {@code token:SUBJECT}, {@code cert:NAME} or {@code role:NAME}
     * @param roles without {@code role:}
     */
    CompletableFuture<Void> setRules(String subject, List<Grant> allow, List<String> roles);

    /** Says how much a subject, or {@code topic:NAME}, may do. */
    CompletableFuture<Void> setQuota(String subject, Quota quota);

    /** What is said of a subject; empty: of all. */
    CompletableFuture<List<Rules>> rules(String subject);

    CompletableFuture<Identity> whoAmI();
}
