package io.eckermann.client;

import io.eckermann.client.transport.Encryption;
import java.time.Duration;
import java.util.List;

/** What {@link EventStoreBuilder} collected and checked. */
record ClientConfig(
        List<String> endpoints,
        Duration requestTimeout,
        int retriesMax,
        Duration bufferWait,
        int appendBytes,
        long bufferBytes,
        int appendsInFlight,
        Compression compression,
        String producerId,
        Encryption encryption) {}
