package org.apache.ratis.server.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.raftlog.StockClass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.protocol.RaftServerProtocol;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.LogProtoUtils;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real follower, which is sent what leaders send it. */
class ConfigurationManagerTest {
    private static final RaftGroupId GROUP = RaftGroupId.randomId();
    private static final TimeDuration LONG = TimeDuration.valueOf(1, TimeUnit.HOURS);

    @TempDir
    private Path directory;

    private RaftServer follower;
    private long calls;

    @BeforeEach
    void start() throws IOException {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, LONG);
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, LONG.add(LONG));
        GrpcConfigKeys.Server.setPort(properties, 0);
        follower = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf("n2"))
                .setGroup(RaftGroup.valueOf(GROUP, peers("n1", "n2", "n3")))
                .setProperties(properties)
                .setStateMachine(new BaseStateMachine())
                .build();
        follower.start();
        ConfigurationManager.attach(follower.getDivision(GROUP));
    }

    @AfterEach
    void stop() throws IOException {
        follower.close();
    }

    @Test
    void itHasWhatRatisCallsOfTheOneItStandsInFor() throws Exception {
        assertThat(StockClass.missingIn(ConfigurationManager.class)).isEmpty();
    }

    /** As a leader does whose connection broke off; should it be lost now, this follower may be the next one. */
    @Test
    void membersStayWhenEntriesBeforeThemAreSentOnceMore() throws Exception {
        append("n1", 1, null, plain(1, 0), members(1, 1, "n1", "n2", "n3", "n4"), plain(1, 2));
        assertThat(members()).containsExactly("n1", "n2", "n3", "n4");

        append("n1", 1, null, plain(1, 0));

        assertThat(members()).containsExactly("n1", "n2", "n3", "n4");
        assertThat(configuration().getLogEntryIndex()).isEqualTo(1);
    }

    @Test
    void theLatestOfSeveralStaysAndGoesOnFromThere() throws Exception {
        append("n1", 1, null, plain(1, 0), members(1, 1, "n1", "n2", "n3", "n4"), members(1, 2, "n1", "n2", "n4"));
        append("n1", 1, null, plain(1, 0), members(1, 1, "n1", "n2", "n3", "n4"));

        assertThat(members()).containsExactly("n1", "n2", "n4");

        append("n1", 1, TermIndex.valueOf(1, 2), members(1, 3, "n2", "n4"));
        assertThat(members()).containsExactly("n2", "n4");
    }

    @Test
    void membersGoWithTheEntryThatAnotherLeaderCutsOff() throws Exception {
        append("n1", 1, null, plain(1, 0), members(1, 1, "n1", "n2", "n3", "n4"), plain(1, 2));

        append("n3", 2, TermIndex.valueOf(1, 0), plain(2, 1));

        assertThat(members()).containsExactly("n1", "n2", "n3");
    }

    @Test
    void membersOfAnotherLeaderTakeThePlaceOfThoseBefore() throws Exception {
        append("n1", 1, null, plain(1, 0), members(1, 1, "n1", "n2", "n3", "n4"), members(1, 2, "n1", "n2", "n4"));

        append("n3", 2, TermIndex.valueOf(1, 0), members(2, 1, "n2", "n3"));

        assertThat(members()).containsExactly("n2", "n3");
    }

    /** Ratis looks who the members are while it tells of what goes, of entries whose clients may still wait. */
    @Test
    void membersComeInTheMessageThatMakesRoomThoughSomebodyLooksMeanwhile() throws Exception {
        append("n1", 1, null, plain(1, 0), plain(1, 1), plain(1, 2), plain(1, 3));
        ServerState state = ((RaftServerImpl) follower.getDivision(GROUP)).getState();
        List<LogEntryProto> entries = List.of(members(2, 2, "n1", "n2", "n3", "n4"), plain(2, 3));
        state.updateConfiguration(entries);
        state.truncate(2);
        assertThat(members()).containsExactly("n1", "n2", "n3");

        for (CompletableFuture<Long> written : state.getLog().append(entries)) {
            written.join();
        }

        assertThat(members()).containsExactly("n1", "n2", "n3", "n4");
    }

    @SuppressWarnings("NullAway") // Ratis knows nothing by null.
    private void append(String leader, long term, @Nullable TermIndex previous, LogEntryProto... entries)
            throws Exception {
        var request = ServerProtoUtils.toAppendEntriesRequestProto(
                RaftGroupMemberId.valueOf(RaftPeerId.valueOf(leader), GROUP),
                RaftPeerId.valueOf("n2"),
                term,
                Arrays.asList(entries),
                -1,
                false,
                previous,
                List.of(),
                calls++,
                null);
        assertThat(((RaftServerProtocol) follower).appendEntries(request).getResult())
                .isEqualTo(AppendResult.SUCCESS);
    }

    private RaftConfigurationImpl configuration() throws IOException {
        return (RaftConfigurationImpl) follower.getDivision(GROUP).getRaftConf();
    }

    private Stream<String> members() throws IOException {
        return configuration().getCurrentPeers().stream()
                .map(peer -> peer.getId().toString())
                .sorted();
    }

    private static LogEntryProto plain(long term, long index) {
        return LogProtoUtils.toLogEntryProto(-1, term, index);
    }

    private static LogEntryProto members(long term, long index, String... ids) {
        RaftConfigurationImpl configuration = RaftConfigurationImpl.newBuilder()
                .setConf(peers(ids))
                .setLogEntryIndex(index)
                .build();
        return LogProtoUtils.toLogEntryProto(configuration, term, index);
    }

    private static List<RaftPeer> peers(String... ids) {
        return Stream.of(ids)
                .map(id -> RaftPeer.newBuilder()
                        .setId(id)
                        .setAddress("127.0.0.1:1")
                        .build())
                .toList();
    }
}
