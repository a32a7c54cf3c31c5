package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.Quota;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.statemachine.log.v1.AccessChange;
import io.eckermann.statemachine.log.v1.PutKey;
import io.eckermann.statemachine.log.v1.RevokeKey;
import io.eckermann.statemachine.log.v1.SetQuota;
import io.eckermann.statemachine.log.v1.SetRules;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Changes of a few keys and subjects, of which some meet what is there. */
public final class AccessOperations {
    private AccessOperations() {}

    static Arbitrary<Operation> any() {
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 4);
        return Combinators.combine(number, number).as((what, which) -> switch (what) {
            case 0 -> key("k" + which, "p" + which, which * 1_000L, false);
            case 1 -> key("k" + which, "admin", 0, true);
            case 2 -> revoke("k" + which);
            case 3 -> rules("p" + which, which == 0 ? List.of() : List.of(grant("*", Verb.READ, Verb.ADMIN)));
            default -> quota("p" + which, which);
        });
    }

    public static Operation key(String id, String principal, long expiresNs, boolean first) {
        return operation(AccessChange.newBuilder()
                .setPutKey(PutKey.newBuilder()
                        .setId(id)
                        .setPrincipal(principal)
                        .setSecretSha256(ByteString.copyFrom(new byte[32]))
                        .setNote("a note")
                        .setExpiresNs(expiresNs)
                        .setFirst(first)));
    }

    public static Operation revoke(String id) {
        return operation(
                AccessChange.newBuilder().setRevokeKey(RevokeKey.newBuilder().setId(id)));
    }

    public static Operation rules(String subject, List<Grant> allow, String... roles) {
        return operation(AccessChange.newBuilder()
                .setSetRules(SetRules.newBuilder()
                        .setSubject(subject)
                        .addAllAllow(allow)
                        .addAllRoles(List.of(roles))));
    }

    public static Operation quota(String subject, long events) {
        return operation(AccessChange.newBuilder()
                .setSetQuota(SetQuota.newBuilder()
                        .setSubject(subject)
                        .setQuota(Quota.newBuilder().setEventsPerSecond(events))));
    }

    public static Grant grant(String topics, Verb... verbs) {
        return Grant.newBuilder().setTopics(topics).addAllVerbs(List.of(verbs)).build();
    }

    private static Operation operation(AccessChange.Builder change) {
        return new Operation.ChangeAccess(change.build());
    }
}
