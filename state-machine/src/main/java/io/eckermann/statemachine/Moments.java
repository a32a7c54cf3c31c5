package io.eckermann.statemachine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Moments of the state that somebody looks at. Safe from any thread. */
final class Moments {
    private final LiveStore store;
    private final List<StateMoment> open = new CopyOnWriteArrayList<>();
    private volatile Consumer<StateMoment> taker = StateMoment::close;

    Moments(LiveStore store) {
        this.store = store;
    }

    void onMark(Consumer<StateMoment> other) {
        taker = other;
    }

    /** Takes the state as it is, which is that of the entry. On the thread that writes. */
    void take(RaftIndex at) {
        StateMoment moment = new StateMoment(at, store.hold(), this);
        open.add(moment);
        taker.accept(moment);
    }

    /** Has all of them be closed soon: the store is to be closed, or another to take its place. */
    void end() {
        open.forEach(StateMoment::end);
    }

    void forget(StateMoment moment) {
        open.remove(moment);
    }
}
