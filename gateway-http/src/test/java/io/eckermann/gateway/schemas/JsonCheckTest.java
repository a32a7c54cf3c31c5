package io.eckermann.gateway.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCheckTest {
    private static final String ORDER = """
            {"type":"object","required":["id","items"],"additionalProperties":false,
             "properties":{"id":{"type":"string","pattern":"^o-[0-9]+$"},
                           "items":{"type":"array","items":{"$ref":"#/$defs/item"}},
                           "a/b":{"type":"integer"}},
             "$defs":{"item":{"type":"object","properties":{"n":{"minimum":1}}}}}
            """;

    @Test
    void aPayloadThatSatisfiesItHasNoFaults() {
        assertThat(faults(ORDER, "{\"id\":\"o-1\",\"items\":[{\"n\":1}]}")).isEmpty();
    }

    @Test
    void faultsSayWhereByPointer() {
        assertThat(faults(ORDER, "{\"id\":\"x\",\"items\":[{\"n\":1},{\"n\":0}],\"a/b\":\"c\"}"))
                .extracting(Fault::path)
                .containsExactlyInAnyOrder("/id", "/items/1/n", "/a~1b");
        assertThat(faults(ORDER, "[]")).extracting(Fault::path).containsExactly("");
        assertThat(faults(ORDER, "{\"id\":\"o-1\"}").get(0).reason()).contains("items");
    }

    @Test
    void noMoreFaultsThanAskedFor() {
        PayloadCheck check = compile(ORDER);
        ByteString payload = ByteString.copyFromUtf8("{\"id\":\"x\",\"items\":7,\"other\":1}");
        assertThat(check.faults(payload, false, 10, new Steps())).hasSize(3);
        assertThat(check.faults(payload, false, 1, new Steps())).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no json", "{\"id\":\"o-1\",", "{} {}", "{\"a\":1,\"a\":2}"})
    void whatIsNoDocumentIsAFaultOfTheWhole(String payload) {
        List<Fault> faults = faults("{}", payload);
        assertThat(faults).hasSize(1);
        assertThat(faults.get(0).path()).isEmpty();
        assertThat(faults.get(0).reason()).startsWith("The payload is no JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[1]",
                "\"text\"",
                "{\"type\":5}",
                "{\"type\":\"objekt\"}",
                "{\"required\":\"id\"}",
                "{\"properties\":[1]}",
                "{\"minimum\":\"x\"}",
                "{\"pattern\":\"(\"}",
                "{\"pattern\":\"(?=look)ahead\"}",
                "{\"pattern\":\"((a{1000}){1000}){1000}\"}",
                "{\"$schema\":\"https://example.com/own\"}",
                "{\"$ref\":\"#/$defs/missing\"}"
            })
    void whatIsNoSchemaIsRefusedWithTheReason(String schema) {
        StoreException refused = refusal(schema);
        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SCHEMA);
        assertThat(refused.facts()).containsKey("reason");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/order.json",
                "file:///etc/hostname",
                "classpath:/logback.xml",
                "classpath:draft/2020-12/schema",
                "other.json",
                "jar:file:/x.jar!/y"
            })
    void whatRefersOutsideIsRefused(String reference) {
        assertThat(refusal("{\"properties\":{\"a\":{\"$ref\":\"" + reference + "\"}}}")
                        .code())
                .isEqualTo(ErrorCode.BAD_SCHEMA);
    }

    @Test
    void whatRefersToItselfInACircleIsRefused() {
        assertThat(refusal("{\"$ref\":\"#\"}").code()).isEqualTo(ErrorCode.BAD_SCHEMA);
        assertThat(refusal("{\"allOf\":[{\"$ref\":\"#/$defs/a\"}],\"$defs\":{\"a\":{\"anyOf\":[{\"$ref\":\"#\"}]}}}")
                        .code())
                .isEqualTo(ErrorCode.BAD_SCHEMA);
    }

    @Test
    void aTreeMayReferToItself() {
        String tree = "{\"type\":\"object\",\"properties\":{\"child\":{\"$ref\":\"#\"}}}";
        assertThat(faults(tree, "{\"child\":".repeat(150) + "{}" + "}".repeat(150)))
                .isEmpty();
        assertThat(faults(tree, "{\"child\":{\"child\":1}}"))
                .extracting(Fault::path)
                .containsExactly("/child/child");
        assertThat(faults(tree, "{\"child\":".repeat(500) + "{}" + "}".repeat(500)))
                .hasSize(1);
    }

    /** Each level of the payload doubles the work: it would never end. */
    @Test
    void comparingThatWouldNotEndEndsAsAFault() {
        String twice = "{\"properties\":{\"a\":{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}}}";
        assertThat(faults(twice, "{\"a\":".repeat(100) + "1" + "}".repeat(100))
                        .get(0)
                        .reason())
                .contains("too many steps");
    }

    @Test
    void olderDraftsAreKnown() {
        String draft7 = "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\"}";
        assertThat(faults(draft7, "5")).hasSize(1);
        assertThat(faults("true", "5")).isEmpty();
        assertThat(faults("false", "5")).hasSize(1);
    }

    private static PayloadCheck compile(String schema) {
        return JsonCheck.compile(ByteString.copyFromUtf8(schema));
    }

    private static List<Fault> faults(String schema, String payload) {
        return compile(schema).faults(ByteString.copyFromUtf8(payload), false, 10, new Steps());
    }

    private static StoreException refusal(String schema) {
        return catchThrowableOfType(StoreException.class, () -> compile(schema));
    }
}
