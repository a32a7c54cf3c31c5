package io.eckermann.statemachine.command;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.eckermann.protocol.v1.Webhook;
import io.eckermann.statemachine.log.v1.LogFormat;
import io.eckermann.statemachine.log.v1.WebhookChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookFormatTest {
    private static final Path SAMPLE = Path.of("src/test/resources/formats/v4/webhooks.bin");

    @Test
    void sampleDecodesToTheSame() throws IOException, UnreadableCommandException {
        FormatsTest.sampleDecodesTo(
                SAMPLE,
                4,
                List.of(
                        WebhookOperations.create(7, "billing", "https://example.com/hook"),
                        WebhookOperations.update(7, "billing", "https://example.com/other", 300),
                        WebhookOperations.state(7, "billing", Webhook.State.RETIRED, "410", 301),
                        WebhookOperations.delete(7, "billing")));
    }

    @Test
    void whatThisVersionDoesNotKnowIsRefused() {
        WebhookChange later = WebhookChange.newBuilder()
                .setTopicId(7)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        for (WebhookChange change : List.of(
                later,
                WebhookChange.getDefaultInstance(),
                WebhookChange.newBuilder().setName("a").build())) {
            assertThatThrownBy(() -> OperationFormat.decode(
                            LogFormat.Operation.newBuilder().setWebhook(change).build()))
                    .isInstanceOf(UnreadableCommandException.class);
        }
    }
}
