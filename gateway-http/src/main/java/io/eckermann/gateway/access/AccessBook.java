package io.eckermann.gateway.access;

import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.Quota;
import io.eckermann.protocol.v1.Rules;
import io.eckermann.statemachine.AccessState;
import io.eckermann.statemachine.store.v1.AccessKeyRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All keys and rules as they were at one moment, to be asked again and again: an own one for each change, so that nothing
 * of it outlives one. Safe from any thread; never touches the disk.
 */
final class AccessBook {
    private static final String ROLE = "role:";
    private static final int KNOWN_MAX = 10_000;

    private final Map<String, AccessKeyRow> keys = new HashMap<>();
    private final Map<String, Rules> rules = new HashMap<>();
    private final boolean hasQuotas;
    private final ConcurrentHashMap<Who, Permissions> known = new ConcurrentHashMap<>();

    private record Who(String name, List<String> roles) {}

    AccessBook(AccessState state) {
        state.keys().forEach(row -> keys.put(row.getKey().getId(), row));
        state.rules().forEach(each -> rules.put(each.getSubject(), each));
        hasQuotas = state.rules().stream().anyMatch(Rules::hasQuota);
    }

    @Nullable
    AccessKeyRow key(String id) {
        return keys.get(id);
    }

    /** Whether somebody may administer the cluster at all. */
    boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Null when it has none. */
    @Nullable
    Quota quota(String subject) {
        Rules found = rules.get(subject);
        return found == null || !found.hasQuota() ? null : found.getQuota();
    }

    boolean hasQuotas() {
        return hasQuotas;
    }

    /** Subjects that begin so and may store so much and no more. */
    List<String> bounded(String prefix) {
        return rules.values().stream()
                .filter(each -> each.getQuota().getStoredBytes() > 0)
                .map(Rules::getSubject)
                .filter(subject -> subject.startsWith(prefix))
                .toList();
    }

    Permissions of(Principal principal) {
        Who who = new Who(principal.name(), principal.roles());
        Permissions found = known.get(who);
        if (found != null) {
            return found;
        }
        if (known.size() >= KNOWN_MAX) {
            known.clear();
        }
        Permissions made = new Permissions(grants(principal));
        known.put(who, made);
        return made;
    }

    /** With those that its own rules name. */
    Set<String> roles(Principal principal) {
        Set<String> roles = new LinkedHashSet<>(principal.roles());
        Rules own = rules.get(principal.name());
        if (own != null) {
            roles.addAll(own.getRolesList());
        }
        return roles;
    }

    private List<Grant> grants(Principal principal) {
        List<Grant> grants = new ArrayList<>();
        Rules own = rules.get(principal.name());
        if (own != null) {
            grants.addAll(own.getAllowList());
        }
        for (String role : roles(principal)) {
            Rules of = rules.get(ROLE + role);
            if (of != null) {
                grants.addAll(of.getAllowList());
            }
        }
        return List.copyOf(grants);
    }
}
