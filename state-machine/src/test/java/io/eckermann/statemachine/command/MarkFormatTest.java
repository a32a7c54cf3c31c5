package io.eckermann.statemachine.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkFormatTest {
    @Test
    void sampleOfAMarkDecodesToTheSame() throws Exception {
        FormatsTest.sampleDecodesTo(
                Path.of("src/test/resources/formats/v4/mark.bin"), 4, List.of(new Operation.MarkState()));
    }

    @Test
    void resultOfAMarkTravelsBetweenNodes() {
        Result marked = new Result.StateMarked(1L << 40);
        assertThat(CommandCodec.decodeResult(CommandCodec.encode(marked))).isEqualTo(marked);
    }
}
