package io.eckermann.client.cli;

import picocli.CommandLine.Parameters;

/** A verb about one topic. */
abstract class TopicVerb extends StoreVerb {
    @Parameters(index = "0", paramLabel = "TOPIC")
    private String topic = "";

    final String topic() {
        return topic;
    }
}
