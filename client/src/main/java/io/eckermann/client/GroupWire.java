package io.eckermann.client;

import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.ParkedKey;
import io.eckermann.protocol.v1.SettleResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Protocol messages about groups to the API's values and back. */
final class GroupWire {
    private GroupWire() {}

    static io.eckermann.protocol.v1.GroupSettings settings(GroupSettings settings) {
        return io.eckermann.protocol.v1.GroupSettings.newBuilder()
                .setOrdering(settings.byKey() ? Ordering.BY_KEY : Ordering.UNORDERED)
                .setExclusive(settings.exclusive())
                .setVisibilityMs(settings.visibility().toMillis())
                .setAttemptsMax(settings.attemptsMax())
                .setInFlightMax(settings.inFlightMax())
                .setWindow(settings.window())
                .setParkedKey(settings.parkedHoldsKey() ? ParkedKey.HOLDS : ParkedKey.PASSES)
                .setQuery(settings.query().wire())
                .build();
    }

    static Group group(io.eckermann.protocol.v1.Group group) {
        io.eckermann.protocol.v1.GroupSettings settings = group.getSettings();
        return new Group(
                group.getName(),
                group.getTopic(),
                group.getId(),
                new GroupSettings(
                        settings.getOrdering() == Ordering.BY_KEY,
                        settings.getExclusive(),
                        Duration.ofMillis(settings.getVisibilityMs()),
                        settings.getAttemptsMax(),
                        settings.getInFlightMax(),
                        settings.getWindow(),
                        settings.getParkedKey() == ParkedKey.HOLDS,
                        Query.of(settings.getQuery())),
                group.getFloor(),
                group.getNext(),
                group.getHead(),
                group.getPaused(),
                group.getBehind(),
                group.getBehindBytes(),
                group.getInFlight(),
                group.getWaiting(),
                group.getParked(),
                Duration.ofMillis(group.getOldestUnackedAgeMs()),
                group.getOwner().isEmpty() ? Optional.empty() : Optional.of(group.getOwner()));
    }

    static Lease lease(String topic, LeaseResponse lease) {
        List<LeasedEvent> events = lease.getEventsList().stream()
                .map(leased ->
                        new LeasedEvent(recorded(topic, leased.getEvent()), leased.getAttempts(), lease.getToken()))
                .toList();
        String idle = events.isEmpty() ? lease.getIdle().name().toLowerCase(Locale.ROOT) : "";
        return new Lease(lease.getToken(), lease.getUntilNs(), events, idle);
    }

    private static RecordedEvent recorded(String topic, io.eckermann.protocol.v1.RecordedEvent event) {
        return new RecordedEvent(topic, event.getPosition(), event.getRecordedNs(), new Event(event.getEvent()));
    }

    static Settled settled(SettleResponse settled) {
        return new Settled(
                settled.getSettled(),
                settled.getLostList().stream()
                        .map(lost -> new Settled.Lost(lost.getToken(), lost.getPositionsList()))
                        .toList());
    }

    static ParkedEvent parked(String topic, io.eckermann.protocol.v1.ParkedEvent parked) {
        return new ParkedEvent(
                parked.getPosition(),
                parked.getAttempts(),
                parked.getReason(),
                parked.getParkedNs(),
                parked.getKey(),
                parked.hasEvent() ? Optional.of(recorded(topic, parked.getEvent())) : Optional.empty());
    }
}
