package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.NodeView;
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
}
