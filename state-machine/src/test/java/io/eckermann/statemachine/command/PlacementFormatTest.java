package io.eckermann.statemachine.command;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PlacementFormatTest {
    @Test
    void samplesOfPlacementsDecodeToTheSame() throws Exception {
        FormatsTest.sampleDecodesTo(
                Path.of("src/test/resources/formats/v4/placements.bin"),
                4,
                List.of(
                        new Operation.PlaceTopic("shop.orders", OptionalInt.empty(), 4),
                        new Operation.PlaceTopic("shop.bills", OptionalInt.of(3), 4),
                        new Operation.CreateTopic(
                                "shop.bills",
                                TopicSettings.newBuilder().setMaxEventBytes(100).build(),
                                3)));
    }

    @Test
    void aShardThatThereIsNotCanNotBeRead() {
        LogFormat.PlaceTopic beyond = LogFormat.PlaceTopic.newBuilder()
                .setName("orders")
                .setShard(4)
                .setShards(4)
                .build();
        assertThatThrownBy(() -> PlacementFormat.single(beyond)).isInstanceOf(UnreadableCommandException.class);
    }
}
