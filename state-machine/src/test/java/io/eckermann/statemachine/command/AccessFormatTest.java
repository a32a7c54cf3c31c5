package io.eckermann.statemachine.command;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.statemachine.log.v1.AccessChange;
import io.eckermann.statemachine.log.v1.LogFormat;
import io.eckermann.statemachine.log.v1.PutKey;
import io.eckermann.statemachine.log.v1.SetRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AccessFormatTest {
    private static final Path SAMPLE = Path.of("src/test/resources/formats/v4/access.bin");

    @Test
    void sampleDecodesToTheSame() throws IOException, UnreadableCommandException {
        OptionalLong same = OptionalLong.empty();
        FormatsTest.sampleDecodesTo(
                SAMPLE,
                4,
                List.of(
                        AccessOperations.key("0123456789abcdef", "admin", 0, true),
                        AccessOperations.key("fedcba9876543210", "billing", 1_900_000_000_000_000_000L, false),
                        AccessOperations.revoke("0123456789abcdef"),
                        AccessOperations.rules(
                                "token:alice",
                                List.of(AccessOperations.grant("orders.*", Verb.READ, Verb.APPEND)),
                                "readers"),
                        AccessOperations.quota("topic:orders", 1_000),
                        new Operation.CreateTopic(
                                "shop.news",
                                TopicSettings.newBuilder()
                                        .setMaxEventBytes(100)
                                        .setAnonymousRead(true)
                                        .build()),
                        new Operation.UpdateTopic(
                                7,
                                null,
                                new Operation.Retain(same, same, same),
                                new Operation.Switches(null, null, null, null, false))));
    }

    @Test
    void whatThisVersionDoesNotKnowIsRefused() {
        Grant later = Grant.newBuilder().addVerbsValue(9).setTopics("*").build();
        for (AccessChange change : List.of(
                AccessChange.getDefaultInstance(),
                AccessChange.newBuilder().setPutKey(PutKey.getDefaultInstance()).build(),
                AccessChange.newBuilder()
                        .setSetRules(SetRules.newBuilder().addAllow(later))
                        .build())) {
            assertThatThrownBy(() -> OperationFormat.decode(
                            LogFormat.Operation.newBuilder().setAccess(change).build()))
                    .isInstanceOf(UnreadableCommandException.class);
        }
    }
}
