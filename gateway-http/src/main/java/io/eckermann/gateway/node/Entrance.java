package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.Greeting;
import io.eckermann.gateway.peers.Greetings;
import io.eckermann.gateway.peers.Members;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.gateway.peers.PeerChannels;
import io.eckermann.gateway.peers.PeerCommands;
import io.eckermann.gateway.peers.PeerStatus;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.raftlog.RaftConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's way into its cluster. Those that start for the first time found one together, or find that there is one, and
 * wait to be added; when the configuration says so, they ask for that by themselves. {@link #pass} blocks; {@link #look}
 * runs on the timer.
 */
final class Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
    private static final Duration REQUEST_MAX = Duration.ofSeconds(60);

    private final NodeConfig config;
    private final DataDirectory directory;
    private final Members members;
    private final PeerChannels channels;
    private final PeerStatus peers;
    private final Greetings greetings;
    private volatile CompletableFuture<?> asking = CompletableFuture.completedFuture(null);
    private volatile boolean told;
    private volatile boolean goesBack;

    Entrance(
            NodeConfig config,
            DataDirectory directory,
            Members members,
            PeerChannels channels,
            PeerStatus peers,
            Greetings greetings) {
        this.config = config;
        this.directory = directory;
        this.members = members;
        this.channels = channels;
        this.peers = peers;
        this.greetings = greetings;
    }

    /**
     * Waits until this node may start Raft, however long that takes.
     *
     * @return false when it has got another id, and must begin anew under that
     */
    boolean pass(BooleanSupplier stopped) throws Greeting.RefusedException, InterruptedException, IOException {
        if (directory.joined() || members.others().isEmpty()) {
            return true;
        }
        Greeting greeting = new Greeting(
                channels, members, config.clusterId(), config.shards(), directory.incarnation(), directory.restored());
        switch (greeting.await(stopped)) {
            case FOUND -> directory.founding(true);
            case JOIN -> {
                directory.founding(false);
                greeting.learn(greetings);
                greeting.awaitAddress(stopped, this::held);
            }
            case JOIN_UNDER_ANOTHER_ID -> {
                directory.takeNewMemberId();
                LOG.warn(
                        "Another node {} was in this cluster before; this one calls itself {}",
                        config.self().id(),
                        directory.memberId());
                return false;
            }
        }
        return true;
    }

    /** Somebody else is the member with this node's address: entries meant for that one must not come here. */
    private void held(String member) {
        if (config.joinsByItself()) {
            ask(ChangeMembersRequest.newBuilder().setRemove(member).build());
        } else if (!told) {
            told = true;
            LOG.warn(
                    "Member {} has this node's address; eckermann cluster replace {} {} puts this node in its place",
                    member,
                    member,
                    config.self().grpc());
        }
    }

    /** How this node takes part in a shard's Raft group, once it has passed. */
    RaftConfig raftConfig(@Nullable NodeTls tls, int shard) {
        return PartConfigs.raft(config, members.self(), directory, tls, shard);
    }

    /** From now on this node asks to be removed from the shards to which it was added, before it is added to all anew. */
    void goBack() {
        goesBack = true;
        members.waitNoMore();
    }

    /** Looks whether to ask to be added, or removed. */
    void look() {
        if (goesBack) {
            ask(ChangeMembersRequest.newBuilder().setRemove(members.self().id()).build());
            return;
        }
        if (!members.waitsToBeAdded()) {
            return;
        }
        String address = config.self().grpc().toString();
        if (config.joinsByItself()) {
            ask(ChangeMembersRequest.newBuilder().setAdd(address).build());
        } else if (!told) {
            told = true;
            LOG.warn("This node waits to be added: eckermann cluster add {}", address);
        }
    }

    /** Of all, because the one that leads does it. */
    private void ask(ChangeMembersRequest change) {
        if (asking.isDone()) {
            asking = CompletableFuture.allOf(members.others().stream()
                    .map(Peer::id)
                    .map(id -> new PeerCommands(peers, id).change(change, REQUEST_MAX))
                    .map(asked -> asked.exceptionally(failure -> {
                        LOG.debug("Asked for {}: {}", change, failure.toString());
                        return null;
                    }))
                    .toArray(CompletableFuture[]::new));
        }
    }
}
