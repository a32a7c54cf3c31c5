package io.eckermann.statemachine.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.Rules;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.command.AccessOperations;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessChangesTest {
    private final TestStore store;

    AccessChangesTest(@TempDir Path directory) {
        store = new TestStore(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theFirstKeyMakesAnAdministratorAndThereIsNoSecondFirst() {
        done(AccessOperations.key("a", "admin", 0, true));
        assertThat(refused(AccessOperations.key("b", "thief", 0, true))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(keys()).containsExactly("a");
        assertThat(rules("admin").getAllow(0).getVerbsList()).contains(Verb.ADMIN);
        store.reopen();
        assertThat(keys()).containsExactly("a");
    }

    @Test
    void aRevokedKeyIsGoneAndExpiredOnesGoWhenAnotherIsMade() {
        done(AccessOperations.key("a", "p", 5_000, false));
        done(AccessOperations.key("b", "p", 0, false));
        assertThat(keys()).containsExactly("a", "b");
        store.commit(6_000, AccessOperations.key("c", "p", 9_000, false));
        assertThat(keys()).containsExactly("b", "c");
        done(AccessOperations.revoke("b"));
        assertThat(keys()).containsExactly("c");
        assertThat(refused(AccessOperations.revoke("b"))).isEqualTo(ErrorCode.KEY_NOT_FOUND);
    }

    @Test
    void rulesAndQuotaOfASubjectLieBesideEachOtherAndEmptyOnesAreNone() {
        done(AccessOperations.rules("p", List.of(AccessOperations.grant("a.*", Verb.READ)), "readers"));
        done(AccessOperations.quota("p", 10));
        assertThat(rules("p").getRolesList()).containsExactly("readers");
        assertThat(rules("p").getQuota().getEventsPerSecond()).isEqualTo(10);
        done(AccessOperations.rules("p", List.of()));
        assertThat(rules("p").getAllowList()).isEmpty();
        done(AccessOperations.quota("p", 0));
        assertThat(store.view().access().rules()).isEmpty();
    }

    private void done(Operation operation) {
        assertThat(store.commit(2_000, operation)).isEqualTo(new Result.Done());
    }

    private ErrorCode refused(Operation operation) {
        return ((Result.Refused) store.commit(2_000, operation)).code();
    }

    private List<String> keys() {
        return store.view().access().keys().stream()
                .map(row -> row.getKey().getId())
                .toList();
    }

    private Rules rules(String subject) {
        return store.view().access().rules().stream()
                .filter(rules -> rules.getSubject().equals(subject))
                .findFirst()
                .orElseThrow();
    }
}
