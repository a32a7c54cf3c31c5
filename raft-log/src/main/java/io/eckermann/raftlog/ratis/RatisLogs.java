package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.dns.SrvDomain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.PureJavaCrc32C;
import org.jspecify.annotations.Nullable;

/** The logs of all shards of this node, which share one server of Ratis with its port and threads. */
public final class RatisLogs implements AutoCloseable {
    private final List<RatisLog> logs;
    private final RaftConfig config;
    private final Set<String> sought;
    private final @Nullable SrvDomain dns;
    private @Nullable RaftServer server;

    /** @param logs by the numbers of their parts; they are started and closed here, and not by themselves */
    public RatisLogs(List<RatisLog> logs) {
        this(logs, Set.of(), null);
    }

    /**
     * The same where members may move.
     *
     * @param sought the ids of members that are looked for by DNS at each connection, wherever they were before
     * @param dns says where these are; null only for none
     */
    public RatisLogs(List<RatisLog> logs, Set<String> sought, @Nullable SrvDomain dns) {
        this.logs = List.copyOf(logs);
        this.config = logs.get(0).config();
        this.sought = Set.copyOf(sought);
        this.dns = dns;
    }

    /** As {@link RatisLog#start}, for all of them. */
    public void start() throws IOException {
        requireOwnClasses();
        keepProcessAlive();
        for (RatisLog log : logs) {
            log.prepare();
        }
        RaftServer started = null;
        try {
            started = logs.size() == 1 && dns == null ? startOne() : startAll();
            for (RatisLog log : logs) {
                log.started(started);
            }
            server = started;
        } catch (IOException | RuntimeException e) {
            if (started != null) {
                started.close();
            }
            throw new IOException("Raft could not start at port " + config.port() + ": " + rootMessage(e), e);
        }
    }

    private RaftServer startOne() throws IOException {
        return started(RatisSettings.server(config, logs.get(0).bridge(), this::suspect)
                .build());
    }

    private RaftServer startAll() throws IOException {
        Map<RaftGroupId, StateMachine> machines = new HashMap<>();
        logs.forEach(log -> machines.put(RaftGroupId.valueOf(log.config().groupId()), log.bridge()));
        RaftProperties properties = RatisSettings.of(config);
        // A server opens the groups that it finds without the members they were founded with. This one finds none, and
        // is given them below.
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(config.directory().resolve("none").toFile()));
        RaftServer.Builder builder = RatisSettings.server(config, properties, this::suspect);
        RaftServer started =
                started(builder.setStateMachineRegistry(machines::get).build());
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(config.directory().toFile()));
        findByDns(started);
        try {
            for (RatisLog log : logs) {
                RaftClientReply reply = started.groupManagement(GroupManagementRequest.newAdd(
                        ClientId.randomId(),
                        RaftPeerId.valueOf(config.memberId()),
                        log.config().part().number(),
                        RatisSettings.group(log.config()),
                        false));
                if (!reply.isSuccess()) {
                    throw new IOException("a shard could not be opened: " + reply);
                }
            }
            return started;
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** What Ratis is told first of a member's address counts for all groups, and as long as it runs. */
    private void findByDns(RaftServer started) {
        SrvDomain domain = dns;
        if (domain != null) {
            started.getServerRpc()
                    .addRaftPeers(sought.stream()
                            .filter(member -> !member.equals(config.memberId()))
                            .map(member -> RaftPeer.newBuilder()
                                    .setId(member)
                                    .setAddress(SrvTargets.target(domain, member))
                                    .build())
                            .toList());
        }
    }

    private static RaftServer started(RaftServer built) throws IOException {
        try {
            built.start();
            return built;
        } catch (IOException | RuntimeException e) {
            built.close();
            throw e;
        }
    }

    private void suspect(String member) {
        logs.forEach(log -> log.suspect(member));
    }

    /** Ratis would end the process, before our caller could say why, when its port is taken. */
    private static void keepProcessAlive() {
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        // Loading that class has put a handler of its own in place, for all threads of the process.
        Thread.setDefaultUncaughtExceptionHandler(handler);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private static void requireOwnClasses() throws IOException {
        try {
            if (AtomicFileOutputStream.fsyncsDirectory() && PureJavaCrc32C.usesProcessor()) {
                return;
            }
        } catch (NoSuchMethodError e) {
            throw new IOException(ownClassesMessage(), e);
        }
        throw new IOException(ownClassesMessage());
    }

    private static String ownClassesMessage() {
        return "Votes would not survive a power failure: on the class path raft-log must come before Ratis, so that its"
                + " AtomicFileOutputStream and PureJavaCrc32C are the ones that are loaded.";
    }

    /** As {@link RatisLog#close}, of all of them. */
    @Override
    public void close() {
        logs.forEach(RatisLog::closing);
        RaftServer running = server;
        if (running != null) {
            try {
                running.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Raft did not stop cleanly", e);
            }
        }
        logs.forEach(RatisLog::closed);
    }
}
