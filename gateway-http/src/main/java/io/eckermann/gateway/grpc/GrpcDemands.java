package io.eckermann.gateway.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.eckermann.gateway.access.Demand;
import io.eckermann.gateway.access.Demands;
import io.eckermann.gateway.access.Need;
import io.eckermann.protocol.goethe.Cursor;
import io.eckermann.protocol.goethe.Event;
import io.eckermann.protocol.goethe.GoetheGrpc;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.eckermann.protocol.v1.AccessGrpc;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.BackupsGrpc;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.ConsumeRequest;
import io.eckermann.protocol.v1.ConsumersGrpc;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.GroupsGrpc;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListParkedRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.SchemasGrpc;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.protocol.v1.WebhooksGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each method of the gRPC door demands of its caller: the one table. A method that is not in it lets nobody in, and a
 * test finds it. Filled when it is made, then only read.
 */
final class GrpcDemands {
    /** What one message of a call demands. */
    @FunctionalInterface
    interface OfMessage {
        Demand of(Message message);
    }

    private static final OfMessage KNOWN = message -> Demand.KNOWN;
    private static final OfMessage CLUSTER = message -> Demand.CLUSTER;

    private final Map<String, OfMessage> table = new HashMap<>();

    GrpcDemands() {
        log();
        topics();
        consumers();
        groups();
        schemasAndWebhooks();
        cluster();
        goethe();
    }

    /** What the method's messages demand; null when nobody may call it. */
    @Nullable
    OfMessage of(MethodDescriptor<?, ?> method) {
        return table.get(method.getFullMethodName());
    }

    /** Whether everybody may call it, without a word about who it is. */
    boolean isOpen(MethodDescriptor<?, ?> method) {
        String service = method.getServiceName();
        // What nodes say to each other is guarded by their certificates (PeersOnly).
        return HealthGrpc.SERVICE_NAME.equals(service) || PeersGrpc.SERVICE_NAME.equals(service);
    }

    private void log() {
        on(LogGrpc.getAppendMethod(), message -> Demand.in(((AppendRequest) message).getTopic(), Verb.APPEND));
        on(LogGrpc.getAppendStreamMethod(), message -> Demand.in(((AppendRequest) message).getTopic(), Verb.APPEND));
        on(LogGrpc.getAppendManyMethod(), message -> Demands.many((AppendManyRequest) message));
        for (MethodDescriptor<?, ?> method : List.of(
                LogGrpc.getReadMethod(),
                LogGrpc.getGetHeadMethod(),
                LogGrpc.getGetKeyMethod(),
                LogGrpc.getExplainMethod(),
                LogGrpc.getReadByEventTimeMethod(),
                LogGrpc.getGetTimelineMethod())) {
            on(method, in("topic", Verb.READ));
        }
    }

    private void topics() {
        on(
                TopicsGrpc.getListTopicsMethod(),
                message -> Demand.of(Need.inAll(((ListTopicsRequest) message).getPrefix(), Verb.READ)));
        on(TopicsGrpc.getGetTopicMethod(), in("name", Verb.READ));
        on(TopicsGrpc.getDeleteEventMethod(), in("topic", Verb.ADMIN));
        for (MethodDescriptor<?, ?> method : List.of(
                TopicsGrpc.getCreateTopicMethod(),
                TopicsGrpc.getDeleteTopicMethod(),
                TopicsGrpc.getUpdateTopicMethod(),
                TopicsGrpc.getTruncateTopicMethod())) {
            on(method, in("name", Verb.ADMIN));
        }
    }

    private void consumers() {
        for (MethodDescriptor<?, ?> method : List.of(
                CursorsGrpc.getCommitCursorMethod(),
                CursorsGrpc.getGetCursorMethod(),
                CursorsGrpc.getDeleteCursorMethod(),
                CursorsGrpc.getResetCursorMethod())) {
            on(method, cursors("topic", "consumer"));
        }
        on(CursorsGrpc.getListCursorsMethod(), message -> {
            ListCursorsRequest request = (ListCursorsRequest) message;
            return Demand.of(Need.cursor(request.getTopic(), request.getConsumer()));
        });
        on(ConsumersGrpc.getConsumeMethod(), message -> {
            ConsumeRequest request = (ConsumeRequest) message;
            return consuming(request.getTopic(), request.getConsumer());
        });
    }

    /** Later messages of a call need not name again what the first one did. */
    private static Demand consuming(String topic, String consumer) {
        return topic.isEmpty() && consumer.isEmpty() ? Demand.KNOWN : Demands.consuming(topic, consumer);
    }

    private void groups() {
        for (MethodDescriptor<?, ?> method : List.of(
                GroupsGrpc.getCreateGroupMethod(),
                GroupsGrpc.getGetGroupMethod(),
                GroupsGrpc.getUpdateGroupMethod(),
                GroupsGrpc.getDeleteGroupMethod(),
                GroupsGrpc.getPauseGroupMethod(),
                GroupsGrpc.getSeekGroupMethod(),
                GroupsGrpc.getChangeParkedMethod())) {
            on(method, cursors("topic", "name"));
        }
        on(GroupsGrpc.getSettleMethod(), cursors("topic", "group"));
        on(GroupsGrpc.getExtendLeasesMethod(), cursors("topic", "group"));
        // These show events.
        on(GroupsGrpc.getLeaseMethod(), message -> {
            LeaseRequest request = (LeaseRequest) message;
            return Demands.consuming(request.getTopic(), request.getGroup());
        });
        on(GroupsGrpc.getListParkedMethod(), message -> {
            ListParkedRequest request = (ListParkedRequest) message;
            return Demands.consuming(request.getTopic(), request.getName());
        });
        on(GroupsGrpc.getListGroupsMethod(), message -> Demand.of(Need.cursor(text(message, "topic"), "")));
    }

    private void schemasAndWebhooks() {
        on(SchemasGrpc.getPutSchemaMethod(), in("topic", Verb.ADMIN));
        on(SchemasGrpc.getDeleteSchemaMethod(), in("topic", Verb.ADMIN));
        on(SchemasGrpc.getGetSchemaMethod(), in("topic", Verb.READ));
        on(SchemasGrpc.getListSchemasMethod(), in("topic", Verb.READ));
        on(SchemasGrpc.getCheckPayloadMethod(), in("topic", Verb.READ));
        for (MethodDescriptor<?, ?> method : WebhooksGrpc.getServiceDescriptor().getMethods()) {
            on(method, in("topic", Verb.ADMIN));
        }
        // Without a topic: those of all.
        on(WebhooksGrpc.getListWebhooksMethod(), message -> {
            String topic = text(message, "topic");
            return topic.isEmpty() ? Demand.CLUSTER : Demand.in(topic, Verb.ADMIN);
        });
    }

    private void cluster() {
        all(ClusterGrpc.getServiceDescriptor(), CLUSTER);
        on(ClusterGrpc.getGetClusterMethod(), KNOWN);
        all(BackupsGrpc.getServiceDescriptor(), CLUSTER);
        all(AccessGrpc.getServiceDescriptor(), CLUSTER);
        on(AccessGrpc.getWhoAmIMethod(), KNOWN);
        all(ServerReflectionGrpc.getServiceDescriptor(), KNOWN);
    }

    private void goethe() {
        on(
                GoetheGrpc.getProduceMethod(),
                message -> Demand.in(((Event) message).getTopic().getId(), Verb.APPEND));
        on(GoetheGrpc.getConsumeMethod(), message -> {
            Cursor cursor = (Cursor) message;
            return consuming(cursor.getTopic().getId(), cursor.getConsumer());
        });
    }

    private void all(ServiceDescriptor service, OfMessage demand) {
        service.getMethods().forEach(method -> on(method, demand));
    }

    private void on(MethodDescriptor<?, ?> method, OfMessage demand) {
        table.put(method.getFullMethodName(), demand);
    }

    private static OfMessage in(String field, Verb verb) {
        return message -> Demand.in(text(message, field), verb);
    }

    private static OfMessage cursors(String topic, String consumer) {
        return message -> Demand.of(Demands.cursor(text(message, topic), text(message, consumer)));
    }

    private static String text(Message message, String field) {
        FieldDescriptor found = message.getDescriptorForType().findFieldByName(field);
        return (String) message.getField(found);
    }
}
