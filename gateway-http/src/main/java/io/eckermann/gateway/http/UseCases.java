package io.eckermann.gateway.http;

import io.eckermann.gateway.access.AccessUseCases;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.cluster.Scavenges;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.gateway.webhooks.WebhookUseCases;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.DeleteCursorResponse;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteEventResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.DeleteTopicResponse;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.ExplainResponse;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetHeadResponse;
import io.eckermann.protocol.v1.GetKeyRequest;
import io.eckermann.protocol.v1.GetKeyResponse;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListCursorsResponse;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.ListTopicsResponse;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ResetCursorRequest;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineResponse;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.TruncateTopicResponse;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.protocol.v1.UpdateTopicResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The use cases as this door calls them, so that it can be tested without a store. From any thread; never block. */
public interface UseCases {
    CompletableFuture<AppendResponse> append(AppendRequest request, Duration timeout);

    CompletableFuture<AppendManyResponse> appendMany(AppendManyRequest request, Duration timeout);

    CompletableFuture<ReadStream> read(ReadRequest request, Duration timeout);

    CompletableFuture<GetHeadResponse> head(GetHeadRequest request, Duration timeout);

    CompletableFuture<GetKeyResponse> key(GetKeyRequest request, Duration timeout);

    CompletableFuture<ExplainResponse> explain(ExplainRequest request, Duration timeout);

    CompletableFuture<TimelineResponse> timeline(TimelineRequest request, Duration timeout);

    CompletableFuture<EventTimePage> byEventTime(ReadByEventTimeRequest request, Duration timeout);

    CompletableFuture<CreateTopicResponse> createTopic(CreateTopicRequest request, Duration timeout);

    CompletableFuture<Topic> topic(GetTopicRequest request, Duration timeout);

    CompletableFuture<ListTopicsResponse> topics(ListTopicsRequest request, Duration timeout);

    CompletableFuture<DeleteTopicResponse> deleteTopic(DeleteTopicRequest request, Duration timeout);

    CompletableFuture<UpdateTopicResponse> updateTopic(UpdateTopicRequest request, Duration timeout);

    CompletableFuture<TruncateTopicResponse> truncateTopic(TruncateTopicRequest request, Duration timeout);

    CompletableFuture<DeleteEventResponse> deleteEvent(DeleteEventRequest request, Duration timeout);

    CompletableFuture<Cursor> commitCursor(CommitCursorRequest request, Duration timeout);

    CompletableFuture<Cursor> cursor(GetCursorRequest request, Duration timeout);

    CompletableFuture<ListCursorsResponse> cursors(ListCursorsRequest request, Duration timeout);

    CompletableFuture<DeleteCursorResponse> deleteCursor(DeleteCursorRequest request, Duration timeout);

    CompletableFuture<Cursor> resetCursor(ResetCursorRequest request, Duration timeout);

    CompletableFuture<ScavengeResponse> scavenge(ScavengeRequest request, Duration timeout);

    ClusterHandler cluster();

    GroupUseCases groups();

    WebhookUseCases webhooks();

    SchemaHandler schemas();

    AccessUseCases access();

    /** The node's own handlers: calls them, and does nothing else. */
    record Handlers(
            AppendHandler appends,
            ReadHandler reads,
            TopicHandler topics,
            EventHandler events,
            CursorHandler cursors,
            GroupUseCases groups,
            WebhookUseCases webhooks,
            ClusterHandler cluster,
            Scavenges scavenges,
            SchemaHandler schemas,
            AccessUseCases access)
            implements UseCases {
        @Override
        public CompletableFuture<ScavengeResponse> scavenge(ScavengeRequest request, Duration timeout) {
            return scavenges.scavenge(request, timeout);
        }

        @Override
        public CompletableFuture<AppendResponse> append(AppendRequest request, Duration timeout) {
            return appends.append(request, timeout);
        }

        @Override
        public CompletableFuture<AppendManyResponse> appendMany(AppendManyRequest request, Duration timeout) {
            return appends.appendMany(request, timeout);
        }

        @Override
        public CompletableFuture<ReadStream> read(ReadRequest request, Duration timeout) {
            return reads.open(request, timeout);
        }

        @Override
        public CompletableFuture<GetHeadResponse> head(GetHeadRequest request, Duration timeout) {
            return reads.head(request, timeout);
        }

        @Override
        public CompletableFuture<ExplainResponse> explain(ExplainRequest request, Duration timeout) {
            return reads.explain(request, timeout);
        }

        @Override
        public CompletableFuture<GetKeyResponse> key(GetKeyRequest request, Duration timeout) {
            return reads.key(request, timeout);
        }

        @Override
        public CompletableFuture<CreateTopicResponse> createTopic(CreateTopicRequest request, Duration timeout) {
            return topics.create(request, timeout);
        }

        @Override
        public CompletableFuture<Topic> topic(GetTopicRequest request, Duration timeout) {
            return topics.get(request, timeout);
        }

        @Override
        public CompletableFuture<ListTopicsResponse> topics(ListTopicsRequest request, Duration timeout) {
            return topics.list(request, timeout);
        }

        @Override
        public CompletableFuture<DeleteTopicResponse> deleteTopic(DeleteTopicRequest request, Duration timeout) {
            return topics.delete(request, timeout);
        }

        @Override
        public CompletableFuture<UpdateTopicResponse> updateTopic(UpdateTopicRequest request, Duration timeout) {
            return topics.update(request, timeout);
        }

        @Override
        public CompletableFuture<TruncateTopicResponse> truncateTopic(TruncateTopicRequest request, Duration timeout) {
            return topics.truncate(request, timeout);
        }

        @Override
        public CompletableFuture<DeleteEventResponse> deleteEvent(DeleteEventRequest request, Duration timeout) {
            return events.delete(request, timeout);
        }

        @Override
        public CompletableFuture<Cursor> commitCursor(CommitCursorRequest request, Duration timeout) {
            return cursors.commit(request, timeout);
        }

        @Override
        public CompletableFuture<Cursor> cursor(GetCursorRequest request, Duration timeout) {
            return cursors.get(request, timeout);
        }

        @Override
        public CompletableFuture<ListCursorsResponse> cursors(ListCursorsRequest request, Duration timeout) {
            return cursors.list(request, timeout);
        }

        @Override
        public CompletableFuture<EventTimePage> byEventTime(ReadByEventTimeRequest request, Duration timeout) {
            return reads.byEventTime(request, timeout);
        }

        @Override
        public CompletableFuture<TimelineResponse> timeline(TimelineRequest request, Duration timeout) {
            return reads.timeline(request, timeout);
        }

        @Override
        public CompletableFuture<Cursor> resetCursor(ResetCursorRequest request, Duration timeout) {
            return cursors.reset(request, timeout);
        }

        @Override
        public CompletableFuture<DeleteCursorResponse> deleteCursor(DeleteCursorRequest request, Duration timeout) {
            return cursors.delete(request, timeout);
        }
    }
}
