package io.eckermann.statemachine;

import java.util.List;
import java.util.Optional;

/** What this node has applied about groups, for readers. As {@link ReadView}. */
public interface GroupView {
    Optional<GroupState> group(long topicId, String name);

    /** A topic's groups, by name. */
    List<GroupState> groups(long topicId);

    /** Parked events in rising order, from a position on. */
    List<ParkedState> parked(long topicId, long groupId, long from, int max);
}
