package io.eckermann.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.eckermann.gateway.access.Access;
import io.eckermann.gateway.access.AccessHandler;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.groups.GroupHandler;
import io.eckermann.gateway.groups.GroupShard;
import io.eckermann.gateway.node.WebhookReceiver;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.gateway.webhooks.Targets;
import io.eckermann.gateway.webhooks.WebhookCalls;
import io.eckermann.gateway.webhooks.WebhookHandler;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.ChangeParkedRequest;
import io.eckermann.protocol.v1.CheckPayloadRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CreateGroupRequest;
import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateWebhookRequest;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteGroupRequest;
import io.eckermann.protocol.v1.DeleteSchemaRequest;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.DeleteWebhookRequest;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.ExtendLeasesRequest;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.GetGroupRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetKeyRequest;
import io.eckermann.protocol.v1.GetSchemaRequest;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.GetWebhookRequest;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListGroupsRequest;
import io.eckermann.protocol.v1.ListKeysRequest;
import io.eckermann.protocol.v1.ListParkedRequest;
import io.eckermann.protocol.v1.ListRulesRequest;
import io.eckermann.protocol.v1.ListSchemasRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.ListWebhooksRequest;
import io.eckermann.protocol.v1.PauseGroupRequest;
import io.eckermann.protocol.v1.PauseWebhookRequest;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ResetCursorRequest;
import io.eckermann.protocol.v1.RevokeKeyRequest;
import io.eckermann.protocol.v1.SeekGroupRequest;
import io.eckermann.protocol.v1.SetQuotaRequest;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.SettleRequest;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.UpdateGroupRequest;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.protocol.v1.UpdateWebhookRequest;
import io.eckermann.protocol.v1.WhoAmIRequest;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Any requests that doors take to a shard, each type as often as its share says, and what a leader proposes by itself. Calls
 * that go on until somebody ends them are left out, and those that change members.
 */
final class AnyRequests implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(20);
    /** For events that may never come. */
    private static final Duration BRIEFLY = Duration.ofMillis(20);
    /** Where shards' times begin, too. */
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private final Random random;
    private final AnyMessage any;
    private final LikelyRequests likely;
    private final Shard shard;
    private final Threads threads = new Threads();
    private final WebhookReceiver receiver = new WebhookReceiver();
    private final WebhookCalls calls = new WebhookCalls(new Targets(List.of(), List.of("127.0.0.1")), "eckermann");
    private final List<Supplier<CompletableFuture<?>>> ways = new ArrayList<>();

    private String last = "";

    AnyRequests(Shard shard, Random random) throws IOException {
        this.random = random;
        this.any = new AnyMessage(random);
        this.likely = new LikelyRequests(random, receiver.url());
        this.shard = shard;
        addEvents();
        addReads();
        addTopics();
        addCursors();
        GroupHandler groups = new GroupHandler(new GroupShard(
                shard, shard.view().groups(), shard.view().groups().news(), threads.reads, threads.timer, CLOCK));
        addGroups(groups);
        addWebhooks(new WebhookHandler(shard, groups, calls, threads.reads));
        addAccess();
        addOfTheLeader();
    }

    /** Sends one, and answers as it is answered. */
    CompletableFuture<?> sendOne() {
        return ways.get(random.nextInt(ways.size())).get();
    }

    /** The last one before it became more likely; of what a leader proposes, nothing. */
    String last() {
        return last;
    }

    private <Q extends Message> void add(int share, Q prototype, Function<Q, CompletableFuture<?>> call) {
        add(share, () -> {
            Q request = any.like(prototype);
            last = request.getDescriptorForType().getName() + " " + request;
            return call.apply(request);
        });
    }

    private void add(int share, Supplier<CompletableFuture<?>> way) {
        for (int i = 0; i < share; i++) {
            ways.add(way);
        }
    }

    private void addEvents() {
        AppendHandler appends = new AppendHandler(shard, threads.reads, Idempotency.USUAL, Quotas.NONE);
        EventHandler events = new EventHandler(shard, threads.reads);
        add(12, AppendRequest.getDefaultInstance(), request -> appends.append(likely.append(request), TIMEOUT));
        add(
                6,
                AppendManyRequest.getDefaultInstance(),
                request -> appends.appendMany(likely.appendMany(request), TIMEOUT));
        add(2, DeleteEventRequest.getDefaultInstance(), request -> events.delete(request, TIMEOUT));
    }

    private void addReads() {
        ReadHandler reads = new ReadHandler(shard, threads.reads, threads.reads, threads.timer);
        add(
                2,
                ReadRequest.getDefaultInstance(),
                request -> reads.open(likely.read(request), BRIEFLY).thenCompose(AnyRequests::toItsEnd));
        add(1, GetHeadRequest.getDefaultInstance(), request -> reads.head(request, TIMEOUT));
        add(1, GetKeyRequest.getDefaultInstance(), request -> reads.key(request, TIMEOUT));
        add(1, ExplainRequest.getDefaultInstance(), request -> reads.explain(request, TIMEOUT));
        add(
                2,
                ReadByEventTimeRequest.getDefaultInstance(),
                request -> reads.byEventTime(likely.byEventTime(request), TIMEOUT));
        add(1, TimelineRequest.getDefaultInstance(), request -> reads.timeline(request, TIMEOUT));
    }

    private static CompletableFuture<Void> toItsEnd(ReadStream stream) {
        return stream.next().thenCompose(frame -> {
            if (frame.isPresent()) {
                return toItsEnd(stream);
            }
            stream.close();
            return CompletableFuture.completedFuture(null);
        });
    }

    private void addTopics() {
        TopicHandler topics = new TopicHandler(shard, threads.reads);
        SchemaHandler schemas = new SchemaHandler(shard, threads.reads);
        add(4, CreateTopicRequest.getDefaultInstance(), request -> topics.create(likely.topic(request), TIMEOUT));
        add(1, UpdateTopicRequest.getDefaultInstance(), request -> topics.update(likely.topic(request), TIMEOUT));
        add(1, TruncateTopicRequest.getDefaultInstance(), request -> topics.truncate(request, TIMEOUT));
        add(1, DeleteTopicRequest.getDefaultInstance(), request -> topics.delete(likely.delete(request), TIMEOUT));
        add(1, GetTopicRequest.getDefaultInstance(), request -> topics.get(request, TIMEOUT));
        add(1, ListTopicsRequest.getDefaultInstance(), request -> topics.list(request, TIMEOUT));
        add(
                2,
                PutSchemaRequest.getDefaultInstance(),
                request -> schemas.put(likely.schemas().put(request), TIMEOUT));
        add(1, GetSchemaRequest.getDefaultInstance(), request -> schemas.get(request, TIMEOUT));
        add(1, ListSchemasRequest.getDefaultInstance(), request -> schemas.list(request, TIMEOUT));
        add(
                1,
                DeleteSchemaRequest.getDefaultInstance(),
                request -> schemas.delete(likely.schemas().delete(request), TIMEOUT));
        add(
                1,
                CheckPayloadRequest.getDefaultInstance(),
                request -> schemas.check(likely.schemas().check(request), TIMEOUT));
    }

    private void addCursors() {
        CursorHandler cursors = new CursorHandler(shard, threads.reads, CLOCK);
        add(2, CommitCursorRequest.getDefaultInstance(), request -> cursors.commit(request, TIMEOUT));
        add(1, ResetCursorRequest.getDefaultInstance(), request -> cursors.reset(request, TIMEOUT));
        add(1, DeleteCursorRequest.getDefaultInstance(), request -> cursors.delete(request, TIMEOUT));
        add(1, GetCursorRequest.getDefaultInstance(), request -> cursors.get(request, TIMEOUT));
        add(1, ListCursorsRequest.getDefaultInstance(), request -> cursors.list(request, TIMEOUT));
    }

    private void addGroups(GroupHandler groups) {
        add(4, CreateGroupRequest.getDefaultInstance(), request -> groups.create(likely.group(request), TIMEOUT));
        add(1, GetGroupRequest.getDefaultInstance(), request -> groups.get(request, TIMEOUT));
        add(1, ListGroupsRequest.getDefaultInstance(), request -> groups.list(request, TIMEOUT));
        add(2, UpdateGroupRequest.getDefaultInstance(), request -> groups.update(likely.group(request), TIMEOUT));
        add(1, DeleteGroupRequest.getDefaultInstance(), request -> groups.delete(request, TIMEOUT));
        add(
                6,
                LeaseRequest.getDefaultInstance(),
                request -> groups.lease(likely.lease(request), TIMEOUT).thenAccept(likely::keep));
        add(5, SettleRequest.getDefaultInstance(), request -> groups.settle(likely.settle(request), TIMEOUT));
        add(2, ExtendLeasesRequest.getDefaultInstance(), request -> groups.extend(likely.extend(request), TIMEOUT));
        add(1, PauseGroupRequest.getDefaultInstance(), request -> groups.pause(request, TIMEOUT));
        add(1, SeekGroupRequest.getDefaultInstance(), request -> groups.seek(likely.seek(request), TIMEOUT));
        add(1, ListParkedRequest.getDefaultInstance(), request -> groups.parked(request, TIMEOUT));
        add(2, ChangeParkedRequest.getDefaultInstance(), request -> groups.changeParked(request, TIMEOUT));
    }

    private void addWebhooks(WebhookHandler hooks) {
        add(2, CreateWebhookRequest.getDefaultInstance(), request -> hooks.create(likely.webhook(request), TIMEOUT));
        add(1, GetWebhookRequest.getDefaultInstance(), request -> hooks.get(request, TIMEOUT));
        add(1, ListWebhooksRequest.getDefaultInstance(), request -> hooks.list(request, TIMEOUT));
        add(2, UpdateWebhookRequest.getDefaultInstance(), request -> hooks.update(likely.webhook(request), TIMEOUT));
        add(1, DeleteWebhookRequest.getDefaultInstance(), request -> hooks.delete(request, TIMEOUT));
        add(1, PauseWebhookRequest.getDefaultInstance(), request -> hooks.pause(request, TIMEOUT));
    }

    private void addAccess() {
        Access judge = new Access(shard.view(), shard.view()::topic, threads.reads, null, null, CLOCK);
        AccessHandler access = new AccessHandler(shard, threads.reads, judge, CLOCK);
        add(2, CreateKeyRequest.getDefaultInstance(), request -> access.createKey(likely.key(request), TIMEOUT));
        add(
                1,
                RevokeKeyRequest.getDefaultInstance(),
                request -> access.revokeKey(
                        likely.revoke(request, shard.view().access().keys()), TIMEOUT));
        add(2, SetRulesRequest.getDefaultInstance(), request -> access.setRules(likely.rules(request), TIMEOUT));
        add(2, SetQuotaRequest.getDefaultInstance(), request -> access.setQuota(likely.quota(request), TIMEOUT));
        add(1, ListKeysRequest.getDefaultInstance(), request -> access.keys(request, TIMEOUT));
        add(1, ListRulesRequest.getDefaultInstance(), request -> access.rules(request, TIMEOUT));
        add(1, WhoAmIRequest.getDefaultInstance(), request -> access.whoAmI(request, TIMEOUT));
    }

    private void addOfTheLeader() {
        add(1, () -> ofTopic(topic -> new Operation.RetainTopic(topic.id())));
        add(1, () -> ofTopic(topic -> new Operation.TidyIndex(topic.id(), topic.first(), ByteString.EMPTY, 100)));
        add(1, () -> ofTopic(topic -> new Operation.KeysCompacted(topic.id(), topic.head(), 1)));
        add(1, () -> shard.writes().submit(new Operation.PlaceTopic(likely.topic(), OptionalInt.empty(), 1), TIMEOUT));
        add(1, () -> shard.writes().submit(new Operation.MarkState(), TIMEOUT));
        add(1, () -> shard.writes().submit(new Operation.RaiseFormat(CommandCodec.FORMAT_NEWEST), TIMEOUT));
    }

    private CompletableFuture<?> ofTopic(Function<TopicState, Operation> made) {
        return shard.view()
                .topic(likely.topic())
                .map(topic -> shard.writes().submit(made.apply(topic), TIMEOUT))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    @Override
    public void close() {
        calls.close();
        receiver.close();
        threads.close();
        // What still runs must not meet a state that is closed.
        Answers.await(threads::stopped);
    }
}
