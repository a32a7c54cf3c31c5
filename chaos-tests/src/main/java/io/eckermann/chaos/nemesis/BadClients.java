package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** N18: clients that die in the middle of calls, that follow and never read, and that say nonsense and stay. */
record BadClients() implements Nemesis {
    private static final int DYING = 5;
    private static final int IDLERS = 8;
    private static final int BABBLERS = 8;
    private static final String TOPIC = "abandoned";

    @Override
    public String id() {
        return "N18";
    }

    @Override
    public String name() {
        return "bad-clients";
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        int abandoned = 0;
        for (int i = 0; i < DYING; i++) {
            abandoned += dieInTheMiddle(bed, i == 0);
        }
        EventStore idler = bed.servers().client(1, Duration.ofSeconds(5));
        List<EventStream> unread = new ArrayList<>();
        for (int i = 0; i < IDLERS; i++) {
            unread.add(
                    idler.open("log-1", ReadOptions.builder().from(1).follow().build()));
        }
        List<Socket> babblers = new ArrayList<>();
        List<Server> all = bed.servers().all();
        for (int i = 0; i < BABBLERS; i++) {
            babblers.add(babble(bed.servers().grpc(all.get(i % all.size()).number())));
        }
        Map<String, Object> facts =
                Map.of("appends-abandoned", abandoned, "unread", unread.size(), "babblers", babblers.size());
        boolean proven = abandoned > 0 && babblers.size() == BABBLERS;
        return new Strike(
                List.of("clients"),
                () -> {
                    unread.forEach(EventStream::close);
                    idler.close();
                    for (Socket babbler : babblers) {
                        babbler.close();
                    }
                },
                () -> new Evidence(proven, facts));
    }

    private static int dieInTheMiddle(Testbed bed, boolean first) {
        EventStore store = bed.servers().client(1, Duration.ofSeconds(5));
        if (first) {
            store.topics().create(TOPIC).join();
        }
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(store.append(TOPIC, Event.of("never asked about")));
        }
        store.close();
        return calls.size();
    }

    private static Socket babble(String endpoint) throws Exception {
        int colon = endpoint.lastIndexOf(':');
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1))),
                2000);
        socket.getOutputStream()
                .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense that goes on".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
