package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.StorageView;
import java.io.IOException;
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
            out.writeArrayFieldStart("nodes");
            for (NodeView node : view.getNodesList()) {
                write(out, node);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
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
                out.writeEndObject();
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
