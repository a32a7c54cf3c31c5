package io.eckermann.statemachine.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.LostLease;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.ParkedState;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.Ahead;
import io.eckermann.statemachine.log.v1.ChangeParked;
import io.eckermann.statemachine.log.v1.CreateGroup;
import io.eckermann.statemachine.log.v1.ExtendLeases;
import io.eckermann.statemachine.log.v1.Extended;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.GroupOutcome;
import io.eckermann.statemachine.log.v1.LeaseEvents;
import io.eckermann.statemachine.log.v1.LeaseWish;
import io.eckermann.statemachine.log.v1.Leased;
import io.eckermann.statemachine.log.v1.ParkedChanged;
import io.eckermann.statemachine.log.v1.PauseGroup;
import io.eckermann.statemachine.log.v1.SeekGroup;
import io.eckermann.statemachine.log.v1.SettleLeases;
import io.eckermann.statemachine.log.v1.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Members of a group in a real store beside the model; each act is judged at once. */
final class GroupRun {
    private static final List<String> MEMBERS = List.of("a", "b", "c");
    private static final List<String> KEYS = List.of("", "k", "l", "m");

    /** One act; what the numbers mean is up to it. */
    record Act(String what, int one, int two, int three, int elapsed) {}

    private final TestStore store;
    private final long topic;
    private final long group;
    private final GroupModel model;
    private final List<Long> tokens = new ArrayList<>(List.of(7L));
    /** They may lie below the floor. */
    private final Set<Long> replayed = new TreeSet<>();

    private long clockNs = 1_000_000;

    GroupRun(TestStore store, GroupSettings settings) {
        this.store = store;
        topic = store.createTopic("t");
        model = new GroupModel(settings);
        Result created = store.commit(
                clockNs,
                new Operation.ChangeGroup(GroupChange.newBuilder()
                        .setTopicId(topic)
                        .setCreate(CreateGroup.newBuilder().setName("g").setSettings(settings))
                        .build()));
        group = ((Result.GroupChanged) created).outcome().getCreated().getGroupId();
        model.at(clockNs);
    }

    GroupChange.Builder change() {
        return GroupChange.newBuilder().setTopicId(topic).setGroupId(group);
    }

    GroupOutcome commit(GroupChange.Builder change) {
        model.at(clockNs);
        return ((Result.GroupChanged) store.commit(clockNs, new Operation.ChangeGroup(change.build()))).outcome();
    }

    void act(Act act) {
        clockNs += act.elapsed() * 1_000_000L;
        switch (act.what()) {
            case "append" -> append(act);
            case "lease" -> lease(act);
            case "settle" -> settle(act);
            case "extend" -> extend(act);
            case "pause" -> pause(act);
            case "seek" -> seek(act);
            case "parked" -> changeParked(act);
            case "truncate" -> truncate(act);
            case "restart" -> {
                store.machine().takeSnapshot();
                store.reopen();
            }
            default -> throw new AssertionError(act.what());
        }
        check();
    }

    void append(Act act) {
        String[] payloads = new String[act.one() % 4 + 1];
        for (int i = 0; i < payloads.length; i++) {
            payloads[i] = "e";
            model.append(KEYS.get((act.two() + i * act.three()) % KEYS.size()));
        }
        store.append(clockNs, topic, payloads);
    }

    void lease(Act act) {
        LeaseEvents.Builder lease = LeaseEvents.newBuilder();
        int max = act.one() % 5 + 1;
        long visibilityNs = (act.two() % 40 + 1) * 1_000_000L;
        int wishes = act.three() % 2 + 1;
        for (int i = 0; i < wishes; i++) {
            lease.addWishes(LeaseWish.newBuilder()
                    .setMember(MEMBERS.get((act.two() + i) % MEMBERS.size()))
                    .setMax(max)
                    .setVisibilityNs(visibilityNs));
        }
        boolean knowsAll = act.three() % 5 > 0;
        lease.setAhead(ahead(knowsAll ? 1 : model.head() / 2 + 1));
        Leased leased = commit(change().setLease(lease)).getLeased();
        for (int i = 0; i < wishes; i++) {
            model.granted(lease.getWishes(i).getMember(), max, visibilityNs, leased.getGrants(i), knowsAll);
            tokens.add(leased.getGrants(i).getToken());
        }
    }

    private Ahead ahead(long from) {
        Ahead.Builder ahead = Ahead.newBuilder().setFrom(from).setThrough(model.head());
        if (!model.isByKey()) {
            return ahead.setEvery(true).build();
        }
        model.slots.tailMap(from).forEach((position, slot) -> {
            ahead.addSteps(position == from ? 0 : 1);
            ahead.addKeys(slot.key);
        });
        return ahead.build();
    }

    void settle(Act act) {
        long token = tokens.get(act.one() % tokens.size());
        Settlement.Action action = Settlement.Action.forNumber(act.two() % 4);
        long delayMs = action == Settlement.Action.NACK ? act.three() % 3 * 10 : 0;
        Set<Long> named = new TreeSet<>();
        if (act.three() % 2 == 0) {
            for (int i = 0; i < act.three() % 4 + 1; i++) {
                named.add((long) act.two() * 7 % Math.max(1, model.head()) + 1 + i);
            }
        }
        Settled settled = commit(change().setSettle(SettleLeases.newBuilder()
                        .addSettlements(Settlement.newBuilder()
                                .setToken(token)
                                .setAction(action)
                                .setDelayMs(delayMs)
                                .setReason("because")
                                .addAllPositions(named))))
                .getSettled();
        List<Long> expected = model.held(token);
        List<Long> lost = new ArrayList<>();
        if (!named.isEmpty()) {
            expected.retainAll(named);
            named.stream()
                    .filter(position -> !model.holdsLease(token, position))
                    .forEach(lost::add);
        }
        assertThat(settled.getSettled()).isEqualTo(expected.size());
        boolean isLost = !lost.isEmpty() || expected.isEmpty();
        assertThat(settled.getLostList())
                .isEqualTo(
                        isLost
                                ? List.of(LostLease.newBuilder()
                                        .setToken(token)
                                        .addAllPositions(lost)
                                        .build())
                                : List.of());
        if (action == Settlement.Action.ACK) {
            model.ack(expected);
        } else {
            model.giveBack(
                    token,
                    expected,
                    action == Settlement.Action.NACK,
                    action == Settlement.Action.PARK,
                    delayMs * 1_000_000);
        }
    }

    void extend(Act act) {
        long token = tokens.get(act.one() % tokens.size());
        long visibilityNs = (act.two() % 40 + 1) * 1_000_000L;
        Extended extended = commit(change().setExtend(
                                ExtendLeases.newBuilder().addTokens(token).setVisibilityNs(visibilityNs)))
                .getExtended();
        if (model.isValid(token)) {
            assertThat(extended.getLostList()).isEmpty();
            assertThat(extended.getUntilNs()).isEqualTo(model.nowNs + visibilityNs);
            model.extended(token, extended.getUntilNs());
        } else {
            assertThat(extended.getLostList()).containsExactly(token);
        }
    }

    void pause(Act act) {
        model.paused = act.one() % 3 == 0;
        commit(change().setPause(PauseGroup.newBuilder().setPaused(model.paused)));
    }

    void seek(Act act) {
        // At most as many as there are, and not before the first.
        long to = Math.max(model.first, act.one() % (model.head() + 1) + 1);
        boolean hasParked = !parked().isEmpty();
        Result result = store.commit(
                clockNs,
                new Operation.ChangeGroup(
                        change().setSeek(SeekGroup.newBuilder().setStart(to).setDropParked(act.two() % 2 == 0))
                                .build()));
        if (hasParked && act.two() % 2 != 0) {
            // Refused, it changes nothing: what has lapsed since stays leased until the next command.
            assertThat(((Result.Refused) result).code()).isEqualTo(ErrorCode.GROUP_HAS_PARKED);
        } else {
            model.at(clockNs);
            model.seek(to);
        }
    }

    List<Long> parked() {
        TestStore.awaitVisible(store.machine());
        return store.machine().view().groups().parked(topic, group, 0, 1_000).stream()
                .map(ParkedState::position)
                .toList();
    }

    void changeParked(Act act) {
        // What lapses now may be parked by the command itself: look at it first.
        commit(change().setPause(PauseGroup.newBuilder().setPaused(model.paused)));
        List<Long> parked = parked();
        ChangeParked.Builder asked =
                ChangeParked.newBuilder().setReplay(act.one() % 2 == 0).setMax(1_000);
        List<Long> meant = parked;
        if (!parked.isEmpty() && act.three() % 2 == 0) {
            meant = List.of(parked.get(act.two() % parked.size()));
            asked.addAllPositions(meant);
        }
        ParkedChanged changed = commit(change().setParked(asked)).getParked();
        assertThat(changed.getMissingList()).isEmpty();
        assertThat(changed.getChanged() + changed.getHeldCount()).isEqualTo(meant.size());
        if (meant.size() > 1) {
            assertThat(changed.getHeldList()).isEmpty();
        }
        for (long position : meant) {
            if (changed.getHeldList().contains(position)) {
                String key = model.slot(position).key;
                assertThat(parked)
                        .anyMatch(before ->
                                before < position && model.slot(before).key.equals(key));
            } else if (asked.getReplay() && position >= model.first) {
                model.replayed(position);
                replayed.add(position);
            } else {
                model.ack(List.of(position));
            }
        }
    }

    void truncate(Act act) {
        long to = Math.max(model.first, model.head() * (act.one() % 4) / 4 + 1);
        store.commit(clockNs, new Operation.TruncateTopic(topic, to));
        model.first = to;
    }

    void check() {
        TestStore.awaitVisible(store.machine());
        GroupState state = store.machine().view().groups().group(topic, "g").orElseThrow();
        for (long position = 1; position <= state.state().getFloor(); position++) {
            assertThat(model.isSettled(position) || replayed.contains(position))
                    .as("position %d is below the floor", position)
                    .isTrue();
        }
        // Whatever lapsed since is in the rows only with the next command.
        assertThat((long) state.state().getLeased()).isGreaterThanOrEqualTo(model.leased());
        if (model.first == 1 && replayed.isEmpty()) {
            // What is behind a parked event may be parked, too.
            assertThat((long) state.open())
                    .isBetween(
                            model.open(state.state().getNext(), false),
                            model.open(state.state().getNext(), true));
        }
        List<Long> parked = parked();
        model.slots.forEach((position, slot) -> {
            if (parked.contains(position)) {
                assertThat(slot.status == GroupModel.Status.PARKED || model.isBehindParked(position))
                        .isTrue();
            }
        });
        assertThat(state.state().getParked()).isEqualTo(parked.size());
    }
}
