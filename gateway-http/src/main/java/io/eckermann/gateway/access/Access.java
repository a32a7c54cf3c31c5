package io.eckermann.gateway.access;

import io.eckermann.gateway.tls.NodeNames;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.statemachine.AccessState;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.VisibleListener;
import io.eckermann.statemachine.chunk.NewChunk;
import io.eckermann.statemachine.store.v1.AccessKeyRow;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who calls, and whether it may. Judges by this node's copy of keys and rules, which follows the log: what was revoked is
 * revoked here as soon as this node has applied it. Safe from any thread; touches the disk for callers without credentials
 * alone.
 */
public final class Access implements VisibleListener {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);
    private static final long SECOND_NS = 1_000_000_000;
    private static final String BEARER = "bearer ";

    private final ReadView view;
    private final Function<String, Optional<TopicState>> topics;
    private final Executor reads;
    private final @Nullable NodeNames nodes;
    private final @Nullable TokenVerifier tokens;
    private final Clock clock;
    private volatile AccessBook book;

    /**
     * Reads what there is.
     *
     * @param view of the shard that has keys and rules
     * @param topics finds any topic as this node has it
     * @param reads where the view is asked, as it may touch the disk; takes all it is given
     * @param nodes tells nodes' certificates from clients'; null: no certificate names anybody
     * @param tokens null: no tokens are taken
     */
    public Access(
            ReadView view,
            Function<String, Optional<TopicState>> topics,
            Executor reads,
            @Nullable NodeNames nodes,
            @Nullable TokenVerifier tokens,
            Clock clock) {
        this.view = view;
        this.topics = topics;
        this.reads = reads;
        this.nodes = nodes;
        this.tokens = tokens;
        this.clock = clock;
        this.book = new AccessBook(view.access());
    }

    /**
     * Whom the credentials make the caller. What it says of itself counts more than what its connection shows, and what is
     * wrong is not made good by anything else.
     *
     * @throws StoreException UNAUTHENTICATED
     */
    public Principal who(Credentials credentials) {
        if (credentials.authorization().size() > 1) {
            throw unauthenticated("Credentials are given more than once.");
        }
        if (!credentials.authorization().isEmpty()) {
            String shown = credentials.authorization().get(0);
            if (!shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                throw unauthenticated("Credentials are shown as: Authorization: Bearer KEY-OR-TOKEN.");
            }
            return bearer(shown.substring(BEARER.length()).strip());
        }
        X509Certificate certificate = credentials.certificate();
        if (certificate == null || nodes == null) {
            return Principal.ANONYMOUS;
        }
        if (nodes.has(certificate)) {
            return Principal.NODE;
        }
        return CertificateNames.of(certificate)
                .map(name -> new Principal("cert:" + name, List.of(), "", nanos(certificate)))
                .orElse(Principal.ANONYMOUS);
    }

    private Principal bearer(String shown) {
        Optional<KeyText> key = KeyText.parse(shown);
        if (key.isPresent()) {
            return byKey(key.get());
        }
        // Else a key that lost a letter would go to where tokens are verified, and an error might tell of it.
        if (tokens == null || shown.startsWith(KeyText.PREFIX)) {
            throw unauthenticated("This is no key of this cluster.");
        }
        return tokens.verify(shown);
    }

    private Principal byKey(KeyText key) {
        AccessKeyRow row = book.key(key.id());
        if (row == null || !key.has(row.getSecretSha256())) {
            throw unauthenticated("There is no such key: it may have been revoked.");
        }
        Principal principal = new Principal(
                row.getKey().getPrincipal(), List.of(), key.id(), row.getKey().getExpiresNs());
        if (isOver(principal)) {
            throw unauthenticated("The key has expired: ask for another one.");
        }
        return principal;
    }

    /**
     * Lets the call pass.
     *
     * @throws StoreException FORBIDDEN; UNAUTHENTICATED when credentials could help
     */
    public void check(Principal principal, Demand demand) {
        if (demand.open() || principal.equals(Principal.NODE)) {
            return;
        }
        if (principal.isAnonymous() && demand.needs().isEmpty()) {
            throw unauthenticated("Show a key or a token: Authorization: Bearer KEY-OR-TOKEN.");
        }
        AccessBook now = book;
        if (!isGood(principal, now)) {
            // Its rules may be there as before: they are about whoever has another key of the same principal, too.
            throw unauthenticated("Your credentials do not open this any more.");
        }
        Permissions permissions = now.of(principal);
        for (Need need : demand.needs()) {
            if (!permissions.allow(need) && !isPublic(need)) {
                throw refusal(principal, need);
            }
        }
    }

    private boolean isPublic(Need need) {
        return need.verb() == Verb.READ
                && !need.all()
                && topics.apply(need.topics())
                        .filter(topic -> topic.settings().getAnonymousRead())
                        .isPresent();
    }

    private static StoreException refusal(Principal principal, Need need) {
        if (principal.isAnonymous()) {
            return unauthenticated("Show a key or a token: Authorization: Bearer KEY-OR-TOKEN.");
        }
        StoreException refusal = new StoreException(
                        ErrorCode.FORBIDDEN, "You may not do this: have an administrator allow it.")
                .with("principal", principal.name())
                .with("verb", text(need.verb()))
                .with("topics", shortened(need.topics()) + (need.all() ? "*" : ""));
        return need.consumer() == null
                ? refusal
                : refusal.with("consumer", need.consumer().isEmpty() ? "*" : shortened(need.consumer()));
    }

    /** A verb as people write it. */
    static String text(Verb verb) {
        return verb.name().toLowerCase(Locale.ROOT);
    }

    static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /**
     * What a long call stands on: to be asked before each thing it sends. Made before the call is let in, so that no change
     * comes between the two unseen.
     *
     * @param demand what it is let in for
     */
    public Standing standing(Principal principal, Demand demand) {
        return new Standing(principal, demand, book);
    }

    /** Whether a caller that was let in would still be. Safe from any thread. */
    public final class Standing {
        private final Principal principal;
        private final Demand demand;
        private volatile AccessBook seen;

        private Standing(Principal principal, Demand demand, AccessBook seen) {
            this.principal = principal;
            this.demand = demand;
            this.seen = seen;
        }

        /** Costs two looks at memory while nothing has changed. */
        public boolean holds() {
            if (isOver(principal)) {
                return false;
            }
            AccessBook now = book;
            if (now == seen) {
                return true;
            }
            try {
                check(principal, demand);
            } catch (StoreException e) {
                return false;
            }
            seen = now;
            return true;
        }
    }

    private boolean isGood(Principal principal, AccessBook now) {
        return !isOver(principal) && (principal.keyId().isEmpty() || now.key(principal.keyId()) != null);
    }

    private boolean isOver(Principal principal) {
        return principal.expiresNs() != 0 && principal.expiresNs() <= nowNs();
    }

    private long nowNs() {
        Instant now = clock.instant();
        return now.getEpochSecond() * SECOND_NS + now.getNano();
    }

    private static long nanos(X509Certificate certificate) {
        return Math.min(certificate.getNotAfter().toInstant().getEpochSecond(), Long.MAX_VALUE / SECOND_NS) * SECOND_NS;
    }

    /** What the principal may do, its roles' grants too. */
    List<Grant> grants(Principal principal) {
        return book.of(principal).grants();
    }

    Set<String> roles(Principal principal) {
        return book.roles(principal);
    }

    /** Whether no rule was ever made, so that nobody could make one. */
    boolean isNew() {
        return book.isEmpty();
    }

    AccessBook book() {
        return book;
    }

    /** Judges by what this node has applied from now on. One at a time, so that what is older never counts last. */
    synchronized void reload() {
        try {
            book = new AccessBook(view.access());
        } catch (RuntimeException e) {
            // Whoever was revoked must not go on because the disk fails.
            LOG.error("Keys and rules cannot be read: nobody is let in", e);
            book = new AccessBook(AccessState.NONE);
        }
    }

    private static StoreException unauthenticated(String message) {
        return new StoreException(ErrorCode.UNAUTHENTICATED, message);
    }

    /** The name for refusals of those who are nobody: of a key that opens nothing its id, which is not secret. */
    public static String claimed(Credentials credentials) {
        for (String shown : credentials.authorization()) {
            int end = shown.indexOf(' ');
            Optional<KeyText> key = KeyText.parse(shown.substring(end + 1).strip());
            if (key.isPresent()) {
                return key.get().toString();
            }
        }
        return Names.ANONYMOUS;
    }

    @Override
    public void accessChanged() {
        try {
            reads.execute(this::reload);
        } catch (RejectedExecutionException e) {
            // The node stops.
            LOG.debug("Keys and rules are not read any more", e);
        }
    }

    @Override
    public void replaced() {
        // Not before it can be asked for: the state is closed meanwhile.
        accessChanged();
    }

    @Override
    public void appended(List<NewChunk> chunks) {}

    @Override
    public void deleted(long topicId) {}
}
