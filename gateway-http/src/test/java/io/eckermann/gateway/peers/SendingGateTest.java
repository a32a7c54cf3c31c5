package io.eckermann.gateway.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SendingGateTest {
    private final List<String> taken = new ArrayList<>();
    private boolean ready = true;

    @Test
    void whoTakesNothingForTooLongIsGivenUp() throws Exception {
        SendingGate<String> gate = new SendingGate<>(new Receiver(), 0, Duration.ofMillis(20));
        gate.send("a", 1);
        ready = false;
        assertThatThrownBy(() -> gate.send("b", 1))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("took nothing");
        assertThat(taken).containsExactly("a");
    }

    private final class Receiver extends ServerCallStreamObserver<String> {
        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void onNext(String part) {
            taken.add(part);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void disableAutoInboundFlowControl() {}
    }
}
