package io.eckermann.statemachine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whom it concerns what became visible, or that nothing will any more. */
final class Announcements implements Backlog.Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final HeadSignal headSignal = new HeadSignal();
    /** By group id in place of a topic's. */
    private final HeadSignal groupSignal = new HeadSignal();

    private final List<VisibleListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong settingsChanges = new AtomicLong();
    private volatile Consumer<StorageFailure> onFailure = failure -> {};
    private volatile Consumer<RaftIndex> onMark = at -> {};

    /** How often topics that were there may have got other settings. */
    long settingsChanges() {
        return settingsChanges.get();
    }

    HeadSignal headSignal() {
        return headSignal;
    }

    HeadSignal groupSignal() {
        return groupSignal;
    }

    void add(VisibleListener listener) {
        listeners.add(listener);
    }

    void onFailure(Consumer<StorageFailure> stop) {
        onFailure = stop;
    }

    /** Is told, before anything more is written, that the store is as it is right after a marked entry. */
    void onMark(Consumer<RaftIndex> look) {
        onMark = look;
    }

    @Override
    public void visible(AppliedRun run) {
        if (run.marked()) {
            onMark.accept(run.last());
        }
        if (run.settingsChanged()) {
            settingsChanges.incrementAndGet();
        }
        for (VisibleListener listener : listeners) {
            listener.appended(run.chunks());
            run.rewrittenTopics().forEach(listener::rewritten);
            run.truncatedTopics().forEach(listener::truncated);
            run.deletedTopics().forEach(listener::deleted);
            if (run.accessChanged()) {
                listener.accessChanged();
            }
        }
        run.changedTopics().forEach(headSignal::changed);
        run.changedGroups().forEach(groupSignal::changed);
    }

    /** Whoever waits looks again. */
    void wakeAll() {
        headSignal.allChanged();
        groupSignal.allChanged();
    }

    /** The whole state was replaced; who waits for what is visible now has not been told yet. */
    void replaced() {
        settingsChanges.incrementAndGet();
        listeners.forEach(VisibleListener::replaced);
    }

    @Override
    public void failed(StorageFailure failure) {
        LOG.error("What was applied could not be written.", failure);
        onFailure.accept(failure);
    }
}
