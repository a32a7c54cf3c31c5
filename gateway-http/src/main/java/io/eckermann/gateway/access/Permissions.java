package io.eckermann.gateway.access;

import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.Verb;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody may do, all grants together. Immutable. */
record Permissions(List<Grant> grants) {
    private static final String SYSTEM = "_";

    /** Whether one grant allows all of it. */
    boolean allow(Need need) {
        return grants.stream().anyMatch(grant -> allows(grant, need));
    }

    private static boolean allows(Grant grant, Need need) {
        return grant.getVerbsList().contains(need.verb())
                && covers(grant.getTopics(), need)
                && (need.verb() != Verb.CURSOR || names(grant.getConsumers(), need.consumer()));
    }

    private static boolean covers(String pattern, Need need) {
        if (!pattern.endsWith("*")) {
            return !need.all() && pattern.equals(need.topics());
        }
        String prefix = pattern.substring(0, pattern.length() - 1);
        // The system's topics must be meant by name: whoever may read "*" does not read who else does what.
        return need.topics().startsWith(prefix) && need.topics().startsWith(SYSTEM) == prefix.startsWith(SYSTEM);
    }

    private static boolean names(String pattern, @Nullable String consumer) {
        if (pattern.isEmpty() || pattern.equals("*")) {
            return true;
        }
        // Those of all are more than those that begin somehow.
        if (consumer == null || consumer.isEmpty()) {
            return false;
        }
        return pattern.endsWith("*")
                ? consumer.startsWith(pattern.substring(0, pattern.length() - 1))
                : consumer.equals(pattern);
    }
}
