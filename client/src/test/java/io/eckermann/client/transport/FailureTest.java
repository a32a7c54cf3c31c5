package io.eckermann.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

final class FailureTest {
    @Test
    void aCallCutOffByItsConnectionMayBeDoneAndIsTriedAgain() {
        for (Status status : new Status[] {Status.UNAVAILABLE, Status.UNKNOWN, Status.INTERNAL}) {
            Failure failure = Failure.of(status.withDescription("channel closed")
                    .withCause(new ClosedChannelException())
                    .asRuntimeException());
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.mayBeDone()).isTrue();
            assertThat(failure.message()).contains("channel closed");
        }
    }
}
