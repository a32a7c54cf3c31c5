package io.eckermann.client;

import io.eckermann.client.transport.Encryption;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Settings of an {@link EventStore}; each has a default. Not thread safe. */
public final class EventStoreBuilder {
    private List<String> endpoints = List.of(EventStore.DEFAULT_ENDPOINT);
    private Duration requestTimeout = Duration.ofSeconds(10);
    private Duration bufferWait = Duration.ofSeconds(10);
    private int retriesMax = Integer.MAX_VALUE;
    /** Four of them, and what they are wrapped in, fill one entry of the log. */
    private int appendBytes = 248 << 10;

    private long bufferBytes = 16L << 20;
    private int appendsInFlight = 8;
    private Compression compression = Compression.AUTO;
    private @Nullable Tls tls;
    private @Nullable Credentials credentials;
    private boolean credentialsInPlainText;
    private String producerId = UUID.randomUUID().toString();

    EventStoreBuilder() {}

    /**
     * Nodes to begin with, {@code host:port} separated by commas; the others are learnt from them. Names are resolved
     * anew at every connection. Default 127.0.0.1:7301.
     *
     * @throws IllegalArgumentException when there is none, or one is not host:port
     */
    public EventStoreBuilder endpoints(String commaSeparated) {
        List<String> list = new ArrayList<>();
        for (String endpoint : commaSeparated.split(",", -1)) {
            if (!endpoint.isBlank()) {
                list.add(endpoint.trim());
            }
        }
        return endpoints(list);
    }

    /** The same as a list. */
    public EventStoreBuilder endpoints(List<String> endpoints) {
        require(!endpoints.isEmpty(), "Name at least one endpoint, as host:port.");
        for (String endpoint : endpoints) {
            require(endpoint.matches("(\\[[0-9a-fA-F:.%]+]|[^:/\\s]+):[0-9]{1,5}"), "Not host:port: " + endpoint);
        }
        this.endpoints = List.copyOf(endpoints);
        return this;
    }

    /** How long one request may take, retries included; default 10 s. */
    public EventStoreBuilder requestTimeout(Duration timeout) {
        require(timeout.toMillis() > 0, "The request timeout must be positive.");
        this.requestTimeout = timeout;
        return this;
    }

    /** How often one request may be retried within its timeout; default: as often as the timeout allows. */
    public EventStoreBuilder retriesMax(int retries) {
        require(retries >= 0, "The number of retries can't be negative.");
        this.retriesMax = retries;
        return this;
    }

    /** How long {@link Appender#append} may block for room in the buffer; zero: never. Default 10 s. */
    public EventStoreBuilder bufferWait(Duration wait) {
        require(!wait.isNegative(), "The wait can't be negative.");
        this.bufferWait = wait;
        return this;
    }

    /** Up to how many encoded bytes single events are batched into one append; default 248 KiB, at most 2 MiB. */
    public EventStoreBuilder appendBytes(int bytes) {
        require(bytes > 0 && bytes <= Limits.APPEND_BYTES_MAX, "appendBytes is 1 to " + Limits.APPEND_BYTES_MAX + ".");
        this.appendBytes = bytes;
        return this;
    }

    /** How many encoded bytes may wait for their acknowledgement, over all topics; default 16 MiB, at least 4 MiB. */
    public EventStoreBuilder bufferBytes(long bytes) {
        require(bytes >= 2L * Limits.APPEND_BYTES_MAX, "bufferBytes is at least " + 2 * Limits.APPEND_BYTES_MAX + ".");
        this.bufferBytes = bytes;
        return this;
    }

    /** How many appends to one topic may be under way; default 8, at most 64. */
    public EventStoreBuilder appendsInFlight(int appends) {
        require(
                appends > 0 && appends <= Limits.PRODUCER_RESULTS_KEPT / 2,
                "appendsInFlight is 1 to " + Limits.PRODUCER_RESULTS_KEPT / 2 + ".");
        this.appendsInFlight = appends;
        return this;
    }

    /** Whether appends are compressed, and with what; default AUTO. */
    public EventStoreBuilder compression(Compression compression) {
        require(
                compression == Compression.AUTO || BodyCompression.available(compression.encoding()),
                "The machine code of " + compression
                        + " cannot be loaded: let java.io.tmpdir be a directory to run code" + " from, or use LZ4.");
        this.compression = compression;
        return this;
    }

    /**
     * Names this instance to the server, which tells retries by it; default random. It must not be used by two instances,
     * nor again after a restart: sequences begin at 1 with every instance.
     */
    public EventStoreBuilder producerId(String id) {
        this.producerId = Names.producer(id);
        return this;
    }

    /** Encrypts connections; the default is plain text. */
    public EventStoreBuilder tls(Tls tls) {
        this.tls = tls;
        return this;
    }

    /** What the client shows of itself; default: nothing, but for a certificate of {@link #tls}. */
    public EventStoreBuilder credentials(Credentials credentials) {
        this.credentials = credentials;
        return this;
    }

    /** Lets credentials go to other machines without encryption, where something else encrypts. */
    public EventStoreBuilder credentialsInPlainText() {
        this.credentialsInPlainText = true;
        return this;
    }

    /** Starts the client's threads; connections are made when needed. IllegalArgumentException when a file of TLS can't be used. */
    public EventStore build() {
        return new EventStore(new ClientConfig(
                endpoints,
                requestTimeout,
                retriesMax,
                bufferWait,
                appendBytes,
                bufferBytes,
                appendsInFlight,
                compression,
                producerId,
                encryption()));
    }

    private Encryption encryption() {
        Encryption encryption = connections();
        if (credentials == null) {
            return encryption;
        }
        Encryption showing = encryption.showing(credentials.shown(), credentialsInPlainText);
        for (String endpoint : endpoints) {
            require(
                    showing.mayShow(endpoint),
                    "Credentials would go to " + endpoint + " in plain text: use TLS, or allow it.");
        }
        return showing;
    }

    private Encryption connections() {
        if (tls == null) {
            return Encryption.plain();
        }
        @Nullable
        Path certificate = tls.identity().map(Tls.Identity::certificate).orElse(null);
        @Nullable Path key = tls.identity().map(Tls.Identity::key).orElse(null);
        return Encryption.tls(tls.authorities().orElse(null), certificate, key);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
