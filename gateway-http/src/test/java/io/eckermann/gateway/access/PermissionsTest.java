package io.eckermann.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.Verb;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermissionsTest {
    @Test
    void aNameIsThatTopicAndAStarIsWhatBeginsSo() {
        Permissions exact = may("orders", Verb.READ);
        assertThat(exact.allow(Need.in("orders", Verb.READ))).isTrue();
        assertThat(exact.allow(Need.in("orders2", Verb.READ))).isFalse();
        assertThat(exact.allow(Need.in("orders", Verb.APPEND))).isFalse();
        assertThat(exact.allow(Need.inAll("orders", Verb.READ))).isFalse();
        Permissions prefix = may("orders.*", Verb.READ);
        assertThat(prefix.allow(Need.in("orders.de", Verb.READ))).isTrue();
        assertThat(prefix.allow(Need.in("orders", Verb.READ))).isFalse();
        assertThat(prefix.allow(Need.inAll("orders.de", Verb.READ))).isTrue();
        assertThat(prefix.allow(Need.inAll("", Verb.READ))).isFalse();
        assertThat(prefix.allow(Need.in("ORDERS.de", Verb.READ))).isFalse();
    }

    @Test
    void everyTopicIsNotThoseOfTheSystem() {
        assertThat(may("*", Verb.READ).allow(Need.in("_audit", Verb.READ))).isFalse();
        assertThat(may("_*", Verb.READ).allow(Need.in("_audit", Verb.READ))).isTrue();
        assertThat(may("_*", Verb.READ).allow(Need.in("orders", Verb.READ))).isFalse();
        assertThat(may("*", Verb.ADMIN).allow(Demand.CLUSTER.needs().get(0))).isTrue();
        assertThat(may("a*", Verb.ADMIN).allow(Demand.CLUSTER.needs().get(0))).isFalse();
    }

    @Test
    void anothersCursorIsAnothers() {
        Permissions mine = new Permissions(List.of(Grant.newBuilder()
                .addVerbs(Verb.CURSOR)
                .setTopics("orders")
                .setConsumers("mail-*")
                .build()));
        assertThat(mine.allow(Demands.cursor("orders", "mail-1"))).isTrue();
        assertThat(mine.allow(Demands.cursor("orders", "billing"))).isFalse();
        assertThat(mine.allow(Demands.cursor("orders", ""))).isFalse();
        assertThat(mine.allow(Need.cursor("orders", ""))).isFalse();
        assertThat(mine.allow(Need.cursor("", "mail-1"))).isFalse();
        assertThat(may("orders", Verb.CURSOR).allow(Need.cursor("orders", ""))).isTrue();
    }

    private static Permissions may(String topics, Verb verb) {
        return new Permissions(
                List.of(Grant.newBuilder().addVerbs(verb).setTopics(topics).build()));
    }
}
