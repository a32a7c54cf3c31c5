package io.eckermann.statemachine;

import java.util.List;
import java.util.Optional;

/** What this node has applied about groups, for readers. As {@link ReadView}. */
public interface GroupView {
    /** Wakes who waits for something to lease; by group id in place of a topic's. */
    HeadSignal news();

    Optional<GroupState> group(long topicId, String name);

    /** A topic's groups, by name. */
    List<GroupState> groups(long topicId);

    /** Parked events in rising order, from a position on. */
    List<ParkedState> parked(long topicId, long groupId, long from, int max);
}
