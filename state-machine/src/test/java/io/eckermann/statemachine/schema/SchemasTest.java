package io.eckermann.statemachine.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.SchemaState;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Operation.Retain;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemasTest {
    private final TestStore store;
    private final long orders;

    SchemasTest(@TempDir Path directory) {
        store = new TestStore(directory);
        orders = store.createTopic("orders");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void oldVersionsStayReadable() {
        assertThat(put("Placed", "{}")).isEqualTo(new Result.SchemaPut(1, true, 7));
        assertThat(put("Placed", "true")).isEqualTo(new Result.SchemaPut(2, true, 7));

        assertThat(store.view().newestSchema(orders, "Placed")).isEqualTo(2);
        assertThat(store.view().schema(orders, "Placed", 0)).contains(state("Placed", 2, "true"));
        assertThat(store.view().schema(orders, "Placed", 1)).contains(state("Placed", 1, "{}"));
        assertThat(store.view().schema(orders, "Placed", 3)).isEmpty();
        assertThat(store.view().schema(orders, "Plac", 0)).isEmpty();
    }

    @Test
    void theSameAgainIsNoNewVersion() {
        put("Placed", "{}");
        assertThat(store.commit(9, operation("Placed", "{}"))).isEqualTo(new Result.SchemaPut(1, false, 7));
    }

    @Test
    void belowTheDeletedNewestIsTheNewestAndNumbersDoNotComeAgain() {
        put("Placed", "{}");
        put("Placed", "true");
        assertThat(delete("Placed", 2)).isEqualTo(new Result.Done());
        assertThat(store.view().newestSchema(orders, "Placed")).isEqualTo(1);
        assertThat(put("Placed", "false")).isEqualTo(new Result.SchemaPut(3, true, 7));

        assertThat(delete("Placed", 0)).isEqualTo(new Result.Done());
        assertThat(store.view().newestSchema(orders, "Placed")).isZero();
        assertThat(store.view().schemas(orders, "")).isEmpty();
        assertThat(((Result.Refused) delete("Placed", 0)).code()).isEqualTo(ErrorCode.SCHEMA_NOT_FOUND);
        assertThat(put("Placed", "{}")).isEqualTo(new Result.SchemaPut(4, true, 7));
    }

    @Test
    void listsHaveNoContents() {
        put("Placed", "{}");
        put("Paid", "true");
        put("Placed", "true");
        assertThat(store.view().schemas(orders, ""))
                .extracting(SchemaState::type, SchemaState::version, SchemaState::sizeBytes, SchemaState::content)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Paid", 1, 4, ByteString.EMPTY),
                        org.assertj.core.groups.Tuple.tuple("Placed", 2, 4, ByteString.EMPTY));
        assertThat(store.view().schemas(orders, "Placed"))
                .extracting(SchemaState::version)
                .containsExactly(1, 2);
    }

    @Test
    void aTopicHasSoManyAndNoMore() {
        List<Operation> puts = new ArrayList<>();
        for (int i = 0; i < Limits.TOPIC_SCHEMAS_MAX; i++) {
            puts.add(operation("type " + i % 10, "{\"minimum\":" + i + "}"));
        }
        store.commit(7, puts);
        assertThat(((Result.Refused) put("another", "{}")).code()).isEqualTo(ErrorCode.TOO_MANY_SCHEMAS);
        delete("type 3", 4);
        assertThat(put("another", "{}")).isEqualTo(new Result.SchemaPut(1, true, 7));
    }

    @Test
    void theyGoWithTheirTopic() {
        put("Placed", "{}");
        store.commit(8, new Operation.DeleteTopic(orders));
        assertThat(store.view().schemas(orders, "")).isEmpty();
        assertThat(((Result.Refused) put("Placed", "{}")).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void whoRemembersATopicHearsThatItsSettingsChanged() {
        long before = store.view().settingsChanges();
        put("Placed", "{}");
        store.append(9, orders, "a");
        assertThat(store.view().settingsChanges()).isEqualTo(before);

        Retain same = new Retain(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
        store.commit(
                8,
                new Operation.UpdateTopic(
                        orders, null, same, new Operation.Switches(null, null, TopicSettings.Validate.STRICT)));
        assertThat(store.view().settingsChanges()).isGreaterThan(before);
        assertThat(store.view().topic(orders).orElseThrow().settings().getValidate())
                .isEqualTo(TopicSettings.Validate.STRICT);
    }

    private Result put(String type, String content) {
        return store.commit(7, operation(type, content));
    }

    private Operation operation(String type, String content) {
        return new Operation.PutSchema(orders, type, Schema.Format.JSON_SCHEMA, ByteString.copyFromUtf8(content), "");
    }

    private Result delete(String type, int version) {
        return store.commit(8, new Operation.DeleteSchema(orders, type, version));
    }

    private static SchemaState state(String type, int version, String content) {
        return new SchemaState(
                type, version, Schema.Format.JSON_SCHEMA, "", ByteString.copyFromUtf8(content), content.length(), 7);
    }
}
