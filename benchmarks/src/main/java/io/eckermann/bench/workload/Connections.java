package io.eckermann.bench.workload;

import io.eckermann.bench.system.Connection;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.Sender;
import io.eckermann.bench.system.Tuning;
import java.util.ArrayList;
import java.util.List;

/** The clients of one load; closing it closes them all. */
final class Connections implements AutoCloseable {
    private final RunningSystem system;
    private final Tuning tuning;
    private final List<Connection> open = new ArrayList<>();

    Connections(RunningSystem system, Tuning tuning) {
        this.system = system;
        this.tuning = tuning;
    }

    Connection connect() throws Exception {
        Connection connection = system.connect(tuning);
        open.add(connection);
        return connection;
    }

    /** A client for each producer, and a sender for each of its topics: the n-th producer has every n-th topic. */
    List<List<Sender>> spread(int producers, List<String> topics) throws Exception {
        List<List<Sender>> all = new ArrayList<>();
        for (int producer = 0; producer < producers; producer++) {
            Connection connection = connect();
            List<Sender> senders = new ArrayList<>();
            for (int t = producer % topics.size(); t < topics.size(); t += producers) {
                senders.add(connection.sender(topics.get(t)));
            }
            all.add(senders);
        }
        return all;
    }

    @Override
    public void close() {
        for (Connection connection : open) {
            connection.close();
        }
    }
}
