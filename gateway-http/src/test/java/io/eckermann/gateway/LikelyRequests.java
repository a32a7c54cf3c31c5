package io.eckermann.gateway;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CreateGroupRequest;
import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateWebhookRequest;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.ExtendLeasesRequest;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RevokeKeyRequest;
import io.eckermann.protocol.v1.SeekGroupRequest;
import io.eckermann.protocol.v1.SetQuotaRequest;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.SettleRequest;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.protocol.v1.UpdateGroupRequest;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.protocol.v1.UpdateWebhookRequest;
import io.eckermann.statemachine.store.v1.AccessKeyRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Any request of some types is refused nearly always: here most become one that may come further. */
final class LikelyRequests {
    private static final List<String> SUBJECTS = List.of("a", "b", "token:a", "cert:b", "role:a", "topic:t", "topic:u");
    private static final int HELD_MAX = 4;
    private static final long WAIT_MS_MAX = 4;

    private final Random random;
    private final String receiver;
    private final LikelySchemas schemas;
    /** Leases that were given, and may have ended. */
    private final List<LeaseResponse> held = new ArrayList<>();

    /** @param receiver an address that wants webhooks' events */
    LikelyRequests(Random random, String receiver) {
        this.random = random;
        this.receiver = receiver;
        this.schemas = new LikelySchemas(random);
    }

    LikelySchemas schemas() {
        return schemas;
    }

    private boolean isRare() {
        return random.nextInt(4) == 0;
    }

    private static <T> T one(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    /** With fewer conditions, and some with whole events as a client encodes them. */
    AppendRequest append(AppendRequest any) {
        AppendRequest.Builder append = any.toBuilder();
        int choice = random.nextInt(4);
        if (choice > 0) {
            append.setTopic("t").clearProducer();
            while (append.getConditionsCount() > 0 && random.nextInt(3) > 0) {
                append.removeConditions(0);
            }
            if (choice > 1) {
                append.setIdempotencyKey(random.nextBoolean() ? "" : "k" + random.nextInt(5));
            }
        }
        if (choice > 1) {
            Event event = Event.newBuilder()
                    .setPayload(ByteString.copyFromUtf8("p" + random.nextInt(3)))
                    .setType(random.nextBoolean() ? "a" : "b")
                    .setKey(random.nextBoolean() ? "" : "a")
                    .addTags("c")
                    .setId(random.nextBoolean() ? "" : "e" + random.nextInt(50))
                    .build();
            if (random.nextBoolean()) {
                event = event.toBuilder()
                        .setTimeNs(random.nextInt(20))
                        .setPayload(schemas.payload())
                        .build();
            }
            List<Event> events =
                    List.of(event, event.toBuilder().clearTags().clearId().build());
            if (random.nextBoolean()) {
                append.setEncoded(EventsCodec.encode(events));
            } else {
                append.setEvents(Events.newBuilder().addAllEvents(events));
            }
        }
        return append.build();
    }

    /** To two of those topics that are there mostly. */
    AppendManyRequest appendMany(AppendManyRequest any) {
        if (isRare()) {
            return any;
        }
        AppendManyRequest.Builder many = any.toBuilder().clearAppends();
        for (String topic : List.of("t", "u")) {
            many.addAppends(append(AppendRequest.getDefaultInstance()).toBuilder()
                    .setTopic(topic)
                    .clearIdempotencyKey());
        }
        while (many.getCursorsCount() > 0 && random.nextInt(3) > 0) {
            many.removeCursors(0);
        }
        return many.setIdempotencyKey(random.nextBoolean() ? "" : "k" + random.nextInt(5))
                .build();
    }

    CreateTopicRequest topic(CreateTopicRequest any) {
        CreateTopicRequest.Builder topic = any.toBuilder();
        if (!isRare()) {
            topic.setName(topic());
            if (random.nextBoolean()) {
                topic.getSettingsBuilder()
                        .clearMaxEventBytes()
                        .clearDescription()
                        .clearValidate()
                        .clearTimelineSlotMs();
            }
        }
        return random.nextBoolean() ? topic.clearSettings().build() : topic.build();
    }

    UpdateTopicRequest topic(UpdateTopicRequest any) {
        if (isRare()) {
            return any;
        }
        UpdateTopicRequest.Builder topic =
                any.toBuilder().setName(topic()).clearDescription().clearTimeline();
        return random.nextBoolean()
                ? topic.clearRetainAgeMs()
                        .clearRetainBytes()
                        .setRetainEvents(1 + random.nextInt(100))
                        .build()
                : topic.build();
    }

    /** Of one that the others are about seldom. */
    DeleteTopicRequest delete(DeleteTopicRequest any) {
        return any.getName().equals("t") && !isRare()
                ? any.toBuilder().setName("u").build()
                : any;
    }

    /** A name of one. */
    String topic() {
        return random.nextBoolean() ? "t" : "u";
    }

    /** One that ends by itself. */
    ReadRequest read(ReadRequest any) {
        ReadRequest.Builder read = any.toBuilder().setFollow(false).setAtLeast(random.nextInt(3));
        if (!isRare()) {
            read.setTopic("t").clearFilter().setMaxBytes(0).setHeartbeatMillis(0);
            if (!random.nextBoolean()) {
                read.clearQuery().clearKey().clearUntilNs().clearTo();
            }
        }
        return read.build();
    }

    /** Around the times that events have. */
    ReadByEventTimeRequest byEventTime(ReadByEventTimeRequest any) {
        if (isRare()) {
            return any;
        }
        ReadByEventTimeRequest.Builder read = any.toBuilder().setTopic("t").clearFilter();
        read.setSinceNs(random.nextInt(10)).setUntilNs(10 + random.nextInt(15)).setLimit(random.nextInt(20));
        if (random.nextBoolean()) {
            read.clearQuery().clearKey().clearStart();
        }
        return read.build();
    }

    /** One that waits for a moment at most. */
    LeaseRequest lease(LeaseRequest any) {
        LeaseRequest.Builder lease = any.toBuilder().setWaitMs(Math.min(any.getWaitMs(), WAIT_MS_MAX));
        if (!isRare()) {
            lease.setTopic("t").setGroup("t").setMember(one(List.of("a", "a", "b", ""), random));
            lease.setMax(random.nextInt(5)).setVisibilityMs(random.nextBoolean() ? 0 : 100);
        }
        return lease.build();
    }

    /** Some of what comes later is about what was leased. */
    void keep(LeaseResponse leased) {
        if (leased.getToken() > 0) {
            held.add(leased);
            if (held.size() > HELD_MAX) {
                held.remove(0);
            }
        }
    }

    /** Mostly one group of whatever kind, with usual bounds. */
    CreateGroupRequest group(CreateGroupRequest any) {
        if (isRare()) {
            return any;
        }
        CreateGroupRequest.Builder group = any.toBuilder().setTopic("t").setName("t");
        group.getSettingsBuilder()
                .setVisibilityMs(random.nextBoolean() ? 0 : 100)
                .setAttemptsMax(random.nextInt(3))
                .setInFlightMax(random.nextInt(5))
                .setWindow(random.nextInt(20));
        if (random.nextBoolean()) {
            group.getSettingsBuilder().clearQuery();
        }
        return random.nextBoolean() ? group.clearStart().build() : group.build();
    }

    /** With usual bounds, and as seldom as any of them is set otherwise. */
    UpdateGroupRequest group(UpdateGroupRequest any) {
        if (isRare()) {
            return any;
        }
        UpdateGroupRequest.Builder group = any.toBuilder().setTopic("t").setName("t");
        if (any.hasVisibilityMs()) {
            group.setVisibilityMs(1 + random.nextInt(200));
        }
        if (any.hasAttemptsMax()) {
            group.setAttemptsMax(random.nextInt(3));
        }
        if (any.hasInFlightMax()) {
            group.setInFlightMax(1 + random.nextInt(5));
        }
        if (any.hasWindow()) {
            group.setWindow(1 + random.nextInt(20));
        }
        return group.build();
    }

    /** Back or forth, to an event that is or will be. */
    SeekGroupRequest seek(SeekGroupRequest any) {
        if (isRare()) {
            return any;
        }
        SeekGroupRequest.Builder seek = any.toBuilder().setTopic("t").setName("t");
        if (any.getStart().hasPosition()) {
            seek.getStartBuilder().setPosition(1 + random.nextInt(200));
        }
        return seek.build();
    }

    SettleRequest settle(SettleRequest any) {
        if (held.isEmpty() || isRare()) {
            return any;
        }
        LeaseResponse lease = one(held, random);
        Settlement.Builder settlement = Settlement.newBuilder()
                .setToken(lease.getToken())
                .setAction(Settlement.Action.forNumber(random.nextInt(4)))
                .setReason("a");
        if (random.nextBoolean() && lease.getEventsCount() > 0) {
            settlement.addPositions(
                    one(lease.getEventsList(), random).getEvent().getPosition() + random.nextInt(2));
        }
        if (settlement.getAction() == Settlement.Action.NACK && random.nextBoolean()) {
            settlement.setDelayMs(100);
        }
        return any.toBuilder()
                .setTopic("t")
                .setGroup("t")
                .clearSettlements()
                .addSettlements(settlement)
                .build();
    }

    ExtendLeasesRequest extend(ExtendLeasesRequest any) {
        return held.isEmpty() || isRare()
                ? any
                : any.toBuilder()
                        .setTopic("t")
                        .setGroup("t")
                        .clearTokens()
                        .addTokens(one(held, random).getToken())
                        .addTokens(1)
                        .setVisibilityMs(random.nextBoolean() ? 0 : 100)
                        .build();
    }

    CreateWebhookRequest webhook(CreateWebhookRequest any) {
        if (isRare()) {
            return any;
        }
        CreateWebhookRequest.Builder webhook = any.toBuilder().setTopic("t").setName(random.nextBoolean() ? "t" : "u");
        webhook.getSettingsBuilder().setUrl(receiver).clearSecret().clearFilter();
        if (random.nextBoolean()) {
            webhook.getSettingsBuilder()
                    .clearQuery()
                    .clearAttemptsMax()
                    .clearBackoffMinMs()
                    .clearBackoffMaxMs()
                    .clearTimeoutMs();
        }
        return webhook.build();
    }

    UpdateWebhookRequest webhook(UpdateWebhookRequest any) {
        if (isRare()) {
            return any;
        }
        UpdateWebhookRequest.Builder webhook =
                any.toBuilder().setTopic("t").clearSecret().clearFilter().clearBackoffMinMs();
        if (any.hasUrl()) {
            webhook.setUrl(receiver);
        }
        return random.nextBoolean()
                ? webhook.clearTimeoutMs().clearBackoffMaxMs().build()
                : webhook.build();
    }

    CreateKeyRequest key(CreateKeyRequest any) {
        return isRare()
                ? any
                : any.toBuilder()
                        .setPrincipal(random.nextBoolean() ? "a" : "b")
                        .setExpiresNs(random.nextBoolean() ? 0 : Long.MAX_VALUE)
                        .build();
    }

    /** Of a key that there is. */
    RevokeKeyRequest revoke(RevokeKeyRequest any, List<AccessKeyRow> keys) {
        return keys.isEmpty() || isRare()
                ? any
                : any.toBuilder().setId(one(keys, random).getKey().getId()).build();
    }

    SetRulesRequest rules(SetRulesRequest any) {
        SetRulesRequest.Builder rules = any.toBuilder().setSubject(one(SUBJECTS, random));
        if (!isRare()) {
            rules.clearRoles();
            rules.getAllowBuilderList()
                    .forEach(grant ->
                            grant.setTopics(random.nextBoolean() ? "t" : "*").clearConsumers());
        }
        return rules.build();
    }

    SetQuotaRequest quota(SetQuotaRequest any) {
        SetQuotaRequest.Builder quota = any.toBuilder().setSubject(one(SUBJECTS, random));
        if (!isRare()) {
            quota.getQuotaBuilder().clearStoredBytes().clearRequests().clearConnections();
        }
        return quota.build();
    }
}
