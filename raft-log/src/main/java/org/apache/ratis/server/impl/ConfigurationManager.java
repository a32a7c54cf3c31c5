package org.apache.ratis.server.impl;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.LogProtoUtils;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group, by the log entries that tell them; those of the last such entry in the log count, committed or
 * not (Ongaro, <i>Consensus: Bridging Theory and Practice</i>, 4.1). It stands in for the class of the same name in Ratis
 * 3.3.0, which is told to take members back whenever a leader sends entries once more that lie before theirs, and when old
 * entries make room for those of another leader, also for the new ones. A follower that then comes to lead would lead those
 * who were members before: the others would be removed without anybody's asking, and at worst there are two majorities.
 * Here what is taken back counts on as long as the log has it. Safe from any thread.
 */
public class ConfigurationManager {
    private final RaftPeerId id;
    private final RaftConfigurationImpl initial;
    private final NavigableMap<Long, RaftConfigurationImpl> known = new TreeMap<>();
    /** What Ratis has taken back, and the log may have all the same. */
    private final NavigableMap<Long, RaftConfigurationImpl> doubted = new TreeMap<>();

    /** The last one known. */
    private RaftConfigurationImpl latest;

    private @Nullable RaftPeer self;
    private volatile boolean doubts;
    private volatile @Nullable RaftLog log;

    ConfigurationManager(RaftPeerId id, RaftConfigurationImpl initial) {
        this.id = id;
        this.initial = initial;
        this.latest = initial;
        take(initial);
    }

    /** From now on the log of a group that has started says what is true. */
    public static void attach(RaftServer.Division division) {
        ServerState state = ((RaftServerImpl) division).getState();
        try {
            Field field = ServerState.class.getDeclaredField("configurationManager");
            field.setAccessible(true);
            ((ConfigurationManager) field.get(state)).log = state.getLog();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this is not the version of Ratis that raft-log knows", e);
        }
    }

    synchronized void addConfiguration(RaftConfiguration added) {
        RaftConfigurationImpl configuration = (RaftConfigurationImpl) added;
        doubted.remove(configuration.getLogEntryIndex());
        doubts = !doubted.isEmpty();
        known.put(configuration.getLogEntryIndex(), configuration);
        takeLast();
    }

    /** From this index on they may have left the log, or be about to; none does that was committed. */
    synchronized void removeConfigurations(long index) {
        RaftLog told = log;
        long committed = told == null ? RaftLog.INVALID_LOG_INDEX : told.getLastCommittedIndex();
        Map<Long, RaftConfigurationImpl> tail = known.tailMap(Math.max(index, committed + 1), true);
        doubted.putAll(tail);
        tail.clear();
        doubts = !doubted.isEmpty();
        takeLast();
    }

    RaftConfigurationImpl getCurrent() {
        RaftConfigurationImpl current = latest();
        if (doubts) {
            // All of them, as what is decided now need not be looked for when the log has let go of it.
            for (RaftConfigurationImpl configuration : doubtedFromTheFirst()) {
                if (isInLog(configuration) && configuration.getLogEntryIndex() > current.getLogEntryIndex()) {
                    current = configuration;
                }
            }
        }
        return current;
    }

    private synchronized RaftConfigurationImpl latest() {
        return latest;
    }

    private synchronized List<RaftConfigurationImpl> doubtedFromTheFirst() {
        return List.copyOf(doubted.values());
    }

    /**
     * Not under the monitor: who writes the log calls us while it is locked. Until its place is committed it may be on its
     * way into the log, where another entry still is.
     */
    private boolean isInLog(RaftConfigurationImpl configuration) {
        long index = configuration.getLogEntryIndex();
        RaftLog told = log;
        if (told == null) {
            return false;
        }
        boolean settled = index <= told.getLastCommittedIndex();
        boolean there = isAt(told, index, configuration);
        if (settled) {
            decide(configuration, there);
        }
        return there;
    }

    private static boolean isAt(RaftLog log, long index, RaftConfigurationImpl configuration) {
        try {
            if (index >= log.getNextIndex()) {
                return false;
            }
            LogEntryProto entry = log.get(index);
            return entry != null
                    && entry.hasConfigurationEntry()
                    && LogProtoUtils.toRaftConfiguration(entry).equals(configuration);
        } catch (RaftLogIOException e) {
            return true; // Who can't read the log does not get far with it.
        } catch (IllegalStateException e) {
            return false; // It is closed.
        }
    }

    private synchronized void decide(RaftConfigurationImpl configuration, boolean there) {
        long index = configuration.getLogEntryIndex();
        if (doubted.remove(index, configuration) && there) {
            known.put(index, configuration);
            takeLast();
        }
        doubts = !doubted.isEmpty();
    }

    synchronized @Nullable RaftPeer getCurrentPeer() {
        return self;
    }

    synchronized int numOfConf() {
        return 1 + known.size();
    }

    private void takeLast() {
        take(known.isEmpty() ? initial : known.lastEntry().getValue());
    }

    private void take(RaftConfigurationImpl configuration) {
        latest = configuration;
        RaftPeer found = configuration.getPeer(id, RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER);
        if (found != null) {
            self = found;
        }
    }

    @Override
    public synchronized String toString() {
        return "ConfigurationManager, init=" + initial + ", confs=" + known + ", doubted=" + doubted;
    }
}
