package io.eckermann.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.WebhookSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What of webhooks needs neither a store nor a network. */
class WebhookPartsTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final WebhookSettings SETTINGS = WebhookSettings.newBuilder()
            .setBackoffMinMs(100)
            .setBackoffMaxMs(1_000)
            .build();

    /** The example of the specification's reference implementation. */
    @Test
    void signsAsStandardWebhooksDoes() {
        assertThat(Signature.headers(
                        SECRET,
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1_614_265_330,
                        ByteString.copyFromUtf8("{\"test\": 2432232314}")))
                .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
                .containsEntry("webhook-timestamp", "1614265330");
    }

    @Test
    void aSecretThatIsNoneIsRefused() {
        for (String secret : List.of("plain", "whsec_", "whsec_c2hvcnQ=", "whsec_%%%")) {
            refused(ErrorCode.BAD_REQUEST, () -> Signature.check(secret));
        }
        assertThatCode(() -> Signature.check("")).doesNotThrowAnyException();
        assertThatCode(() -> Signature.check(SECRET)).doesNotThrowAnyException();
    }

    @Test
    void delaysDoubleUpToTheirMostAndAreDrawnFromTheWhole() {
        RetryDelays most = new RetryDelays(() -> 1);
        assertThat(most.after(1, SETTINGS, Duration.ZERO)).isEqualTo(Duration.ofMillis(100));
        assertThat(most.after(3, SETTINGS, Duration.ZERO)).isEqualTo(Duration.ofMillis(400));
        assertThat(most.after(1_000, SETTINGS, Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
        assertThat(new RetryDelays(() -> 0).after(9, SETTINGS, Duration.ZERO)).isZero();
    }

    @Test
    void theReceiversWishCountsAsFarAsAnHour() {
        RetryDelays none = new RetryDelays(() -> 0);
        assertThat(none.after(1, SETTINGS, Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
        assertThat(none.after(1, SETTINGS, Duration.ofDays(7))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void onlyHostsThatAreAllowedAreSpokenTo() throws Exception {
        Targets targets = new Targets(List.of("*.example.com", "a.test"), List.of("localhost"));
        assertThat(targets.allowed("https://A.example.com:8443/x?y=1"))
                .isEqualTo(URI.create("https://A.example.com:8443/x?y=1"));
        targets.allowed("https://a.test/");
        targets.allowed("http://localhost:8080/");
        for (String url : List.of(
                "https://example.com/", "https://evilexample.com/", "https://b.test/", "http://a.example.com/")) {
            refused(ErrorCode.WEBHOOK_REFUSED, () -> targets.allowed(url));
        }
        for (String url : List.of(
                "", "nonsense", "/path", "ftp://a.test/", "https://user@a.test/", "https:///", "https://a.test/#f")) {
            refused(ErrorCode.BAD_REQUEST, () -> targets.allowed(url));
        }
    }

    @Test
    void addressesOfTheNodesOwnNetworkAreRefusedUnlessNamed() throws Exception {
        Targets all = new Targets(List.of("*"), List.of());
        for (String host : List.of("127.0.0.1", "169.254.169.254", "0.0.0.0", "[::1]", "224.0.0.1")) {
            refused(ErrorCode.WEBHOOK_REFUSED, () -> all.refuseUnreachable(URI.create("https://" + host + "/")));
        }
        new Targets(List.of("127.0.0.1"), List.of()).refuseUnreachable(URI.create("https://127.0.0.1/"));
        all.refuseUnreachable(URI.create("https://192.0.2.1/"));
    }

    private static void refused(ErrorCode code, ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        StoreException.class, error -> assertThat(error.code()).isEqualTo(code));
    }
}
