package io.eckermann.gateway.metrics;

import io.eckermann.statemachine.CursorState;
import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.Unread;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How far consumers are behind, by what this node has applied: one look at the chunk that is next for each of them, and no
 * more than so many of them.
 */
public final class LagSource implements Source {
    private static final double NANOS_PER_SECOND = 1e9;

    private final List<ReadView> views;
    private final LongSupplier nowNs;
    private final int consumersMax;

    /**
     * @param views of each shard
     * @param nowNs since the epoch
     * @param consumersMax of how many cursors and groups is told; the others are counted
     */
    public LagSource(List<ReadView> views, LongSupplier nowNs, int consumersMax) {
        this.views = List.copyOf(views);
        this.nowNs = nowNs;
        this.consumersMax = consumersMax;
    }

    @Override
    public void tell(Samples samples) {
        int told = 0;
        int topics = 0;
        long leftOut = 0;
        for (ReadView view : views) {
            for (TopicState topic : view.topics("")) {
                topics++;
                for (CursorState cursor : view.cursors(topic.id())) {
                    if (told == consumersMax) {
                        leftOut++;
                    } else {
                        told++;
                        tell(samples, view, cursor);
                    }
                }
                for (GroupState group : view.groups().groups(topic.id())) {
                    if (told == consumersMax) {
                        leftOut++;
                    } else {
                        told++;
                        tell(samples, view, topic, group);
                    }
                }
            }
        }
        samples.gauge("eckermann_topics", "Topics there are.", topics);
        samples.gauge(
                "eckermann_lag_left_out_consumers",
                "Cursors and groups whose lag is not told, as there are more than metrics.lag-max.",
                leftOut);
    }

    private void tell(Samples samples, ReadView view, CursorState cursor) {
        // Empty when the topic was deleted meanwhile.
        view.unread(cursor.topicId(), cursor.position()).ifPresent(unread -> {
            String[] labels = {"topic", unread.topic().name(), "consumer", cursor.consumer()};
            samples.gauge("eckermann_cursor_lag_events", "Events still to be read.", unread.events(), labels);
            samples.gauge(
                    "eckermann_cursor_lag_bytes",
                    "Roughly, bytes of events still to be read, as they are stored.",
                    unread.bytes(),
                    labels);
            samples.gauge(
                    "eckermann_cursor_lag_seconds",
                    "How long ago the first event still to be read was recorded; 0 when there is none.",
                    seconds(unread),
                    labels);
        });
    }

    private void tell(Samples samples, ReadView view, TopicState topic, GroupState group) {
        long lastLeased = Math.max(0, group.state().getNext() - 1);
        view.unread(topic.id(), lastLeased)
                .ifPresent(ahead -> view.unread(topic.id(), group.state().getFloor())
                        .ifPresent(open -> tell(samples, group, ahead, open)));
    }

    private void tell(Samples samples, GroupState group, Unread ahead, Unread open) {
        String[] labels = {"topic", open.topic().name(), "group", group.name()};
        long behind = ahead.events() + group.open();
        samples.gauge(
                "eckermann_group_lag_events",
                "Events that are neither acked nor parked; with a query also those ahead that may not match.",
                behind,
                labels);
        samples.gauge(
                "eckermann_group_lag_bytes",
                "Roughly, bytes of the events behind the oldest that is not settled, as they are stored.",
                behind == 0 ? 0 : open.bytes(),
                labels);
        samples.gauge(
                "eckermann_group_lag_seconds",
                "How long ago the oldest event that is not settled was recorded; 0 when there is none.",
                behind == 0 ? 0 : seconds(open),
                labels);
        samples.gauge(
                "eckermann_group_leased_events",
                "Events that members hold.",
                group.state().getLeased(),
                labels);
        samples.gauge(
                "eckermann_group_parked_events",
                "Events that were given up.",
                group.state().getParked(),
                labels);
    }

    private double seconds(Unread unread) {
        return unread.events() == 0 ? 0 : Math.max(0, nowNs.getAsLong() - unread.nextRecordedNs()) / NANOS_PER_SECOND;
    }
}
