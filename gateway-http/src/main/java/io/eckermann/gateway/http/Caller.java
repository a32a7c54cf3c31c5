package io.eckermann.gateway.http;

import io.eckermann.gateway.access.CallerConnection;
import io.eckermann.gateway.calls.Correlation;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for an answer.
 *
 * @param gone completes when the client went away: nobody reads the answer any more
 * @param hurried completes when the door closes: whoever waits for news should answer now
 * @param address where it calls from
 * @param certificate that its connection showed and an authority vouches for; null: none
 * @param connection on which it calls
 * @param call what its request is found by
 */
record Caller(
        CompletableFuture<Void> gone,
        CompletableFuture<Void> hurried,
        String address,
        @Nullable X509Certificate certificate,
        CallerConnection connection,
        Correlation call) {
    Caller() {
        this("", null, new CallerConnection(), Correlation.NONE);
    }

    Caller(String address, @Nullable X509Certificate certificate, CallerConnection connection, Correlation call) {
        this(new CompletableFuture<>(), new CompletableFuture<>(), address, certificate, connection, call);
    }

    void whenGone(Runnable act) {
        CompletableFuture<Void> unused = gone.thenRun(act);
    }

    void whenHurried(Runnable act) {
        CompletableFuture<Void> unused = hurried.thenRun(act);
    }
}
