package io.eckermann.gateway.access;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.Quota;
import io.eckermann.protocol.v1.SetQuotaRequest;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.Verb;
import java.util.List;
import java.util.regex.Pattern;

/** What may be said about keys and rules. Pure. */
final class AccessRules {
    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9._-]*\\*?");
    private static final String TOPIC = "topic:";

    private AccessRules() {}

    static void check(CreateKeyRequest request, long nowNs) {
        Names.principal(request.getPrincipal());
        if (request.getNote().length() > Limits.SUBJECT_CHARS_MAX) {
            throw bad("note", "A note has at most 200 characters.");
        }
        if (request.getExpiresNs() < 0 || (request.getExpiresNs() > 0 && request.getExpiresNs() <= nowNs)) {
            throw bad("expires_ns", "A key expires in the future, or never.");
        }
    }

    static void check(SetRulesRequest request) {
        String subject = Names.subject(request.getSubject());
        if (subject.startsWith(TOPIC)) {
            throw bad("subject", "A topic may do nothing: it has a quota alone.");
        }
        if (request.getAllowCount() > Limits.GRANTS_MAX || request.getRolesCount() > Limits.GRANTS_MAX) {
            throw bad("allow", "A subject has at most 100 grants, and as many roles: put some together in a role.");
        }
        request.getAllowList().forEach(AccessRules::check);
        if (request.getRolesCount() > 0 && subject.startsWith("role:")) {
            throw bad("roles", "A role has no roles.");
        }
        request.getRolesList().forEach(role -> Names.subject("role:" + role));
    }

    private static void check(Grant grant) {
        if (grant.getVerbsCount() == 0
                || grant.getVerbsCount() > Verb.values().length
                || grant.getVerbsList().contains(Verb.UNRECOGNIZED)) {
            throw bad("allow.verbs", "A grant has some of read, append, cursor, admin.");
        }
        if (grant.getTopics().isEmpty() || !isPattern(grant.getTopics())) {
            throw bad("allow.topics", "Topics are a name, the beginning of names and a *, or * for all.");
        }
        boolean changes = grant.getVerbsList().stream().anyMatch(verb -> verb != Verb.READ);
        if (grant.getTopics().startsWith("_") && changes) {
            throw bad("allow.topics", "Topics of the system can be read, and nothing else.");
        }
        if (!isPattern(grant.getConsumers())) {
            throw bad("allow.consumers", "Consumers are a name, the beginning of names and a *, or none for all.");
        }
        if (!grant.getConsumers().isEmpty() && !grant.getVerbsList().equals(List.of(Verb.CURSOR))) {
            throw bad("allow.consumers", "Consumers belong to a grant of cursor alone.");
        }
    }

    private static boolean isPattern(String text) {
        return text.length() <= Limits.NAME_CHARS_MAX + 1
                && PATTERN.matcher(text).matches();
    }

    static void check(SetQuotaRequest request) {
        String subject = Names.subject(request.getSubject());
        Quota quota = request.getQuota();
        if (quota.getEventsPerSecond() < 0
                || quota.getBytesPerSecond() < 0
                || quota.getRequests() < 0
                || quota.getStoredBytes() < 0
                || quota.getReadBytesPerSecond() < 0
                || quota.getConnections() < 0) {
            throw bad("quota", "A quota is positive, or 0 for none.");
        }
        if (subject.startsWith("role:")) {
            throw bad("subject", "A role has no quota: principals and topics have.");
        }
        if (quota.getStoredBytes() > 0 && !subject.startsWith(TOPIC)) {
            throw bad("quota.stored_bytes", "Only a topic has a quota of what is stored.");
        }
        if (subject.startsWith(TOPIC)) {
            checkOfTopic(quota);
        }
    }

    private static void checkOfTopic(Quota quota) {
        if (quota.getRequests() > 0) {
            throw bad("quota.requests", "Only a principal has a quota of requests under way.");
        }
        if (quota.getConnections() > 0) {
            throw bad("quota.connections", "Only a principal has a quota of connections.");
        }
        if (quota.getReadBytesPerSecond() > 0) {
            throw bad("quota.read_bytes_per_second", "Only a principal has a quota of what it reads.");
        }
    }

    private static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }
}
