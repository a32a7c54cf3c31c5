package io.eckermann.gateway.webhooks;

import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.LeasedEvent;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.Settlement;
import java.util.ArrayList;
import java.util.List;

/** Leased events on their way, in their order. One thread at a time. */
final class Batch {
    private final long token;
    private final List<LeasedEvent> events;
    private final List<Settlement> settlements = new ArrayList<>();
    private final List<Long> done = new ArrayList<>();
    private int at;

    Batch(LeaseResponse lease) {
        token = lease.getToken();
        events = lease.getEventsList();
    }

    long token() {
        return token;
    }

    boolean isOver() {
        return at == events.size();
    }

    /** The one that is next. */
    RecordedEvent event() {
        return events.get(at).getEvent();
    }

    /** It is done with. */
    void delivered() {
        done.add(event().getPosition());
        at++;
    }

    /** It is given up. */
    void parked(String reason) {
        settlements.add(Settlement.newBuilder()
                .setToken(token)
                .addPositions(event().getPosition())
                .setAction(Settlement.Action.PARK)
                .setReason(reason)
                .build());
        at++;
    }

    /** What is to be settled of what is done so far; it is forgotten here. */
    List<Settlement> settled() {
        List<Settlement> taken = new ArrayList<>(settlements);
        if (!done.isEmpty()) {
            taken.add(Settlement.newBuilder()
                    .setToken(token)
                    .addAllPositions(done)
                    .setAction(Settlement.Action.ACK)
                    .build());
        }
        settlements.clear();
        done.clear();
        return taken;
    }

    /** The same, with all that was not sent given back. */
    List<Settlement> ended() {
        List<Settlement> all = settled();
        if (!isOver()) {
            Settlement.Builder rest = Settlement.newBuilder().setToken(token).setAction(Settlement.Action.RELEASE);
            events.subList(at, events.size())
                    .forEach(event -> rest.addPositions(event.getEvent().getPosition()));
            all.add(rest.build());
            at = events.size();
        }
        return all;
    }
}
