package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TimeStart;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReadRulesTest {
    @ParameterizedTest
    @MethodSource
    void badInputNamesItsField(ReadRequest.Builder request, String field) {
        StoreException failure = catchThrowableOfType(StoreException.class, () -> ReadRules.check(request.build()));
        assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(failure.facts()).containsEntry("field", field);
    }

    static Stream<Arguments> badInputNamesItsField() {
        ReadRequest.Builder back = request().setDirection(Direction.BACKWARD);
        TimeStart minus = TimeStart.newBuilder().setRecordedNs(-1).build();
        TimeStart seek = TimeStart.newBuilder().setSeekValue(9).build();
        TimeStart ten = TimeStart.newBuilder().setRecordedNs(10).build();
        return Stream.of(
                Arguments.of(request().setFrom(-1), "from"),
                Arguments.of(request().setAfter(Long.MIN_VALUE), "after"),
                Arguments.of(request().setLast(-1), "last"),
                Arguments.of(request().setTime(minus), "time"),
                Arguments.of(request().setTime(seek), "time.seek"),
                Arguments.of(request().setTo(-1), "to"),
                Arguments.of(request().setUntilNs(-1), "until_ns"),
                Arguments.of(request().setLimit(-1), "limit"),
                Arguments.of(request().setMaxBytes(-1), "max_bytes"),
                Arguments.of(request().setAtLeast(-1), "at_least"),
                Arguments.of(request().setHeartbeatMillis(-1), "heartbeat_millis"),
                Arguments.of(request().setDirectionValue(5), "direction"),
                Arguments.of(request().setFormatValue(5), "format"),
                Arguments.of(request().setFrom(5).setTo(4), "to"),
                Arguments.of(request().setAfter(5).setTo(4), "to"),
                Arguments.of(request().setTime(ten).setUntilNs(9), "until_ns"),
                Arguments.of(back.clone().setFrom(4).setTo(5), "to"),
                Arguments.of(back.clone().setSinceNs(5).setUntilNs(5), "until_ns"),
                Arguments.of(back.clone().setFollow(true), "follow"),
                Arguments.of(back.clone().setCursor("audit"), "cursor"));
    }

    private static ReadRequest.Builder request() {
        return ReadRequest.newBuilder().setTopic("orders");
    }
}
