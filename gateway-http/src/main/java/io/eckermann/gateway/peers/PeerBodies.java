package io.eckermann.gateway.peers;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.internal.v1.BodyAddress;
import io.eckermann.protocol.internal.v1.FetchBodiesRequest;
import io.eckermann.protocol.internal.v1.FetchBodiesResponse;
import io.eckermann.protocol.internal.v1.FoundBody;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.ChunkSource;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The bodies that another node has. Blocks. */
public final class PeerBodies implements ChunkSource {
    private static final long TIMEOUT_SECONDS = 30;

    private final String clusterId;
    private final PeerChannels channels;
    private final String nodeId;
    private final int shard;

    public PeerBodies(String clusterId, PeerChannels channels, String nodeId, int shard) {
        this.shard = shard;
        this.clusterId = clusterId;
        this.channels = channels;
        this.nodeId = nodeId;
    }

    @Override
    public List<@Nullable ByteString> find(List<ChunkAddress> addresses) {
        FetchBodiesRequest.Builder request =
                FetchBodiesRequest.newBuilder().setClusterId(clusterId).setShard(shard);
        for (ChunkAddress address : addresses) {
            request.addAddresses(BodyAddress.newBuilder()
                    .setRaftIndex(address.raftIndex())
                    .setOrdinal(address.ordinal())
                    .setOffset(address.offset())
                    .setLength(address.length()));
        }
        try {
            FetchBodiesResponse response = PeersGrpc.newBlockingStub(channels.channel(nodeId))
                    .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .fetchBodies(request.build());
            List<@Nullable ByteString> bodies = new ArrayList<>();
            for (FoundBody found : response.getBodiesList()) {
                bodies.add(found.hasBody() ? found.getBody() : null);
            }
            return bodies;
        } catch (StatusRuntimeException e) {
            throw new StoreException(ErrorCode.NOT_READY, "Another node does not send the bodies it has.", e)
                    .with("node", nodeId);
        }
    }

    /** Answers such a request with what a source has. */
    static FetchBodiesResponse answer(FetchBodiesRequest request, ChunkSource source) {
        List<ChunkAddress> addresses = new ArrayList<>();
        for (BodyAddress address : request.getAddressesList()) {
            addresses.add(new ChunkAddress(
                    address.getRaftIndex(), address.getOrdinal(), address.getOffset(), address.getLength()));
        }
        FetchBodiesResponse.Builder response = FetchBodiesResponse.newBuilder();
        for (ByteString body : source.find(addresses)) {
            FoundBody.Builder found = response.addBodiesBuilder();
            if (body != null) {
                found.setBody(body);
            }
        }
        return response.build();
    }
}
