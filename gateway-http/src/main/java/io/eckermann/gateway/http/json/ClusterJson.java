package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.DrainResponse;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.eckermann.protocol.v1.ScavengeView;
import io.eckermann.protocol.v1.ScrubView;
import io.eckermann.protocol.v1.ShardRole;
import io.eckermann.protocol.v1.ShardView;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.StorageView;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** How a node sees the cluster. */
public final class ClusterJson {
    private ClusterJson() {}

    public static byte[] cluster(ClusterView view) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("cluster_id", view.getClusterId());
            out.writeStringField("answered_by", view.getAnsweredBy());
            if (view.getLeader().isEmpty()) {
                out.writeNullField("leader");
            } else {
                out.writeStringField("leader", view.getLeader());
            }
            out.writeNumberField("term", view.getTerm());
            out.writeBooleanField("cut_off", view.getCutOff());
            out.writeArrayFieldStart("nodes");
            for (NodeView node : view.getNodesList()) {
                write(out, node);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("shards");
            for (ShardView shard : view.getShardsList()) {
                write(out, shard, view);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, ShardView shard, ClusterView view) throws IOException {
        out.writeStartObject();
        out.writeNumberField("shard", shard.getShard());
        if (shard.getLeader().isEmpty()) {
            out.writeNullField("leader");
        } else {
            out.writeStringField("leader", shard.getLeader());
        }
        out.writeNumberField("term", shard.getTerm());
        out.writeArrayFieldStart("nodes");
        for (NodeView node : view.getNodesList()) {
            if (shard.getShard() < node.getShardsCount()) {
                ShardRole role = node.getShards(shard.getShard());
                out.writeStartObject();
                out.writeStringField("id", node.getId());
                out.writeStringField("role", role.getRole().name().toLowerCase(Locale.ROOT));
                out.writeNumberField("term", role.getTerm());
                out.writeNumberField("applied", role.getApplied());
                out.writeNumberField("committed", role.getCommitted());
                out.writeNumberField("snapshot", role.getSnapshot());
                out.writeEndObject();
            }
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, NodeView node) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", node.getId());
        out.writeStringField("grpc_address", node.getGrpcAddress());
        out.writeStringField("http_address", node.getHttpAddress());
        out.writeStringField("raft_address", node.getRaftAddress());
        out.writeStringField("role", node.getRole().name().toLowerCase(Locale.ROOT));
        out.writeNumberField("term", node.getTerm());
        out.writeNumberField("applied", node.getApplied());
        out.writeNumberField("committed", node.getCommitted());
        out.writeNumberField("snapshot", node.getSnapshot());
        out.writeBooleanField("reachable", node.getReachable());
        out.writeBooleanField("ready", node.getReady());
        if (!node.getNotReadyReason().isEmpty()) {
            out.writeStringField("not_ready_reason", node.getNotReadyReason());
        }
        out.writeStringField("version", node.getVersion());
        out.writeStringField("clock_offset_ns", Long.toString(node.getClockOffsetNs()));
        out.writeNumberField("age_millis", node.getAgeMillis());
        out.writeNumberField("disk_free_bytes", node.getDiskFreeBytes());
        out.writeNumberField("disk_total_bytes", node.getDiskTotalBytes());
        out.writeBooleanField("disk_low", node.getDiskLow());
        out.writeArrayFieldStart("digests");
        for (StateDigestView digest : node.getDigestsList()) {
            write(out, digest);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, StateDigestView digest) throws IOException {
        out.writeStartObject();
        out.writeNumberField("shard", digest.getShard());
        out.writeNumberField("raft_index", digest.getRaftIndex());
        out.writeStringField("sha256", digest.getSha256());
        out.writeStringField("verdict", digest.getVerdict().name().toLowerCase(Locale.ROOT));
        out.writeEndObject();
    }

    /** What each node's data takes on its disk. */
    public static byte[] storage(ClusterView view) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("nodes");
            for (NodeView node : view.getNodesList()) {
                out.writeStartObject();
                out.writeStringField("id", node.getId());
                out.writeBooleanField("known", node.hasStorage());
                if (node.hasStorage()) {
                    writeFields(out, node.getStorage());
                }
                if (node.hasScavenge()) {
                    write(out, node.getScavenge());
                }
                if (node.hasScrub()) {
                    write(out, node.getScrub());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, ScavengeView scavenge) throws IOException {
        out.writeObjectFieldStart("scavenge");
        out.writeStringField("state", scavenge.getState().name().toLowerCase(Locale.ROOT));
        out.writeNumberField("dead_bytes", scavenge.getDeadBytes());
        out.writeNumberField("segments", scavenge.getSegments());
        out.writeNumberField("segments_done", scavenge.getSegmentsDone());
        out.writeNumberField("freed_bytes", scavenge.getFreedBytes());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, ScrubView scrub) throws IOException {
        out.writeObjectFieldStart("scrub");
        out.writeStringField("state", scrub.getState().name().toLowerCase(Locale.ROOT));
        out.writeNumberField("segments", scrub.getSegments());
        out.writeNumberField("segments_done", scrub.getSegmentsDone());
        out.writeNumberField("damaged", scrub.getDamaged());
        out.writeNumberField("mended", scrub.getMended());
        out.writeEndObject();
    }

    /** Reads which nodes are to start or stop; an empty body means that all start. */
    public static ScavengeRequest scavenge(ByteString body) {
        ScavengeRequest.Builder request = ScavengeRequest.newBuilder();
        if (body.isEmpty()) {
            return request.build();
        }
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", List.of("node", "action"), (name, value) -> {
                String text = JsonFields.text(value, name);
                if (name.equals("node")) {
                    request.setNode(text);
                } else if (text.equals("start") || text.equals("stop")) {
                    request.setAction(ScavengeRequest.Action.valueOf(text.toUpperCase(Locale.ROOT)));
                } else {
                    throw JsonFields.wrong(name, "must be start or stop");
                }
            });
            return request.build();
        });
    }

    public static byte[] scavenged(ScavengeResponse response) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("nodes");
            for (String node : response.getNodesList()) {
                out.writeString(node);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    public static byte[] leader(String leader) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("leader", leader);
            out.writeEndObject();
        });
    }

    public static byte[] drained(DrainResponse response) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("node", response.getNode());
            out.writeStringField("leader", response.getLeader());
            out.writeEndObject();
        });
    }

    public static byte[] members(ChangeMembersResponse response) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("members");
            for (String member : response.getMembersList()) {
                out.writeString(member);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void writeFields(JsonGenerator out, StorageView storage) throws IOException {
        out.writeNumberField("log_bytes", storage.getLogBytes());
        out.writeNumberField("kept_bytes", storage.getKeptBytes());
        out.writeNumberField("log_and_kept_bytes", storage.getLogAndKeptBytes());
        out.writeNumberField("index_bytes", storage.getIndexBytes());
        out.writeNumberField("snapshot_bytes", storage.getSnapshotBytes());
        out.writeNumberField("payload_bytes", storage.getPayloadBytes());
        out.writeNumberField("device_bytes", storage.getDeviceBytes());
        out.writeNumberField("write_amplification", storage.getWriteAmplification());
    }
}
