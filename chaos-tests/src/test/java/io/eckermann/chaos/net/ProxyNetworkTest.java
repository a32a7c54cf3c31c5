package io.eckermann.chaos.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class ProxyNetworkTest {
    private static final String ADVERTISED = "127.0.1.1";
    private static final String BEHIND = "127.0.2.1";

    @Test
    void cutLinkHoldsWhatIsSentAndGivesItWhenItIsHealed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName(BEHIND));
                ProxyNetwork network = new ProxyNetwork()) {
            echo(server);
            network.listen(1, ADVERTISED, BEHIND, server.getLocalPort());
            try (Socket client = new Socket(ADVERTISED, server.getLocalPort())) {
                assertThat(answer(client, 7)).isEqualTo(7);

                network.link(0, 1, Link.CUT);
                client.setSoTimeout(300);
                assertThatThrownBy(() -> answer(client, 8)).isInstanceOf(SocketTimeoutException.class);
                assertThat(network.counts().lost()).isPositive();

                network.heal();
                client.setSoTimeout(10_000);
                assertThat(client.getInputStream().read()).isEqualTo(8);
            }
        }
    }

    @Test
    void linkCorruptsPiecesWhenAskedTo() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName(BEHIND));
                ProxyNetwork network = new ProxyNetwork()) {
            echo(server);
            network.listen(1, ADVERTISED, BEHIND, server.getLocalPort());
            network.link(0, 1, new Link(0, 0, 0, 0, 100, 0));
            try (Socket client = new Socket(ADVERTISED, server.getLocalPort())) {
                assertThat(answer(client, 6)).isEqualTo(7);
            }
        }
    }

    private static int answer(Socket client, int question) throws IOException {
        client.getOutputStream().write(question);
        return client.getInputStream().read();
    }

    private static void echo(ServerSocket server) {
        ProxyNetwork.daemon(
                () -> {
                    try (Socket caller = server.accept()) {
                        caller.getInputStream().transferTo(caller.getOutputStream());
                    } catch (IOException e) {
                        // The test is over.
                    }
                },
                "echo");
    }
}
