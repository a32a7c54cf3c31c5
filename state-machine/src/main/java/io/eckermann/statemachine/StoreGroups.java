package io.eckermann.statemachine;

import io.eckermann.statemachine.group.GroupTable;
import java.util.List;
import java.util.Optional;

/** Reads groups from whatever store is live. */
final class StoreGroups implements GroupView {
    private final LiveStore store;
    private final HeadSignal news;

    StoreGroups(LiveStore store, HeadSignal news) {
        this.store = store;
        this.news = news;
    }

    @Override
    public HeadSignal news() {
        return news;
    }

    @Override
    public Optional<GroupState> group(long topicId, String name) {
        return store.readLatest(rows -> GroupTable.find(rows, topicId, name));
    }

    @Override
    public List<GroupState> groups(long topicId) {
        return store.readLatest(rows -> GroupTable.list(rows, topicId));
    }

    @Override
    public List<ParkedState> parked(long topicId, long groupId, long from, int max) {
        return store.readLatest(rows -> GroupTable.parked(rows, topicId, groupId, from, max));
    }
}
