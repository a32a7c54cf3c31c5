package io.eckermann.gateway.access;

import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Verb;
import java.util.ArrayList;
import java.util.List;

/** What both doors demand alike. */
public final class Demands {
    private Demands() {}

    /** Of an append to several topics, with commits of cursors. */
    public static Demand many(AppendManyRequest request) {
        List<Need> needs = new ArrayList<>();
        for (AppendRequest append : request.getAppendsList()) {
            needs.add(Need.in(append.getTopic(), Verb.APPEND));
        }
        request.getCursorsList().forEach(commit -> needs.add(cursor(commit.getTopic(), commit.getConsumer())));
        return Demand.of(needs);
    }

    /** Of one cursor or group: an empty name is nobody's here, and not everybody's. */
    public static Need cursor(String topic, String consumer) {
        return new Need(Verb.CURSOR, topic, false, consumer);
    }

    /** Of who gets a topic's events by a cursor or a group. */
    public static Demand consuming(String topic, String consumer) {
        return Demand.of(Need.in(topic, Verb.READ), cursor(topic, consumer));
    }
}
