package io.eckermann.gateway.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Event;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which payloads are shown as JSON, and how. */
class JsonPayloadTest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @Test
    void whiteSpaceIsLeftOutAndNothingElseIsChanged() {
        assertThat(shown(" {\n \"a b\" : [ 1.0 , -0, 2e+7 ,true,null,{ } ,[\t] ] }\r\n"))
                .isEqualTo("{\"a b\":[1.0,-0,2e+7,true,null,{},[]]}");
        assertThat(shown("\"\\u0041\\ud83d\\ude00\\/ \u00e9\u20ac\ud83d\ude00\""))
                .isEqualTo("\"\\u0041\\ud83d\\ude00\\/ \u00e9\u20ac\ud83d\ude00\"");
        assertThat(shown("0")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\"}",
                "{a:1}",
                "[1 2]",
                "01",
                "+1",
                ".5",
                "1.",
                "1e",
                "-",
                "nul",
                "truex",
                "1 2",
                "\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\ud800\"",
                "\"\\ud800\\u0041\"",
                "\"\\udc00\"",
                "\"\n\"",
                "NaN",
                "'a'",
                "[1]]",
                "\ufeff1",
                "/**/1"
            })
    void whatIsNoJsonIsNotShownAsSuch(String text) {
        assertThat(shown(text)).isNull();
    }

    @Test
    void depthAndNumbersAreBounded() {
        assertThat(shown("[".repeat(100) + "]".repeat(100))).hasSize(200);
        assertThat(shown("[".repeat(101) + "]".repeat(101))).isNull();
        assertThat(shown("[".repeat(1_000_000))).isNull();
        assertThat(shown("1".repeat(1_000))).hasSize(1_000);
        assertThat(shown("1".repeat(1_001))).isNull();
    }

    @Test
    void bytesThatAreNotUtf8AreNotShown() {
        for (int[] bytes : List.of(
                new int[] {0xc0, 0x80},
                new int[] {0xed, 0xa0, 0x80},
                new int[] {0xf4, 0x90, 0x80, 0x80},
                new int[] {0xe2, 0x82},
                new int[] {0x80},
                new int[] {0xff})) {
            byte[] text = new byte[bytes.length + 2];
            text[0] = '"';
            text[text.length - 1] = '"';
            for (int k = 0; k < bytes.length; k++) {
                text[k + 1] = (byte) bytes[k];
            }
            assertThat(new JsonBytes().json(ByteString.copyFrom(text)))
                    .as(Arrays.toString(bytes))
                    .isFalse();
        }
    }

    @Test
    void mutatedTextsAreJudgedAsAnotherParserDoes() throws IOException {
        byte[] seed = "{\"a\":[1.5e3,\"\\u00e9 \u20ac\ud83d\ude00\\n\",true,{\"b\":null}], \"c\" : -0}"
                .getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        int valid = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] text = seed.clone();
            int changes = random.nextInt(3);
            for (int k = 0; k < changes; k++) {
                int at = random.nextInt(text.length);
                text[at] = random.nextBoolean() ? text[random.nextInt(text.length)] : (byte) random.nextInt(256);
            }
            JsonBytes out = new JsonBytes();
            boolean shown = out.json(ByteString.copyFrom(text));
            assertThat(shown)
                    .as("round %d: %s", round, new String(text, StandardCharsets.UTF_8))
                    .isEqualTo(isJson(text));
            if (shown) {
                valid++;
                assertThat(MAPPER.readTree(out.toByteArray())).isEqualTo(MAPPER.readTree(text));
            }
        }
        assertThat(valid).isBetween(5_000, 15_000);
    }

    @Test
    void textsOfAttributesAreEscaped() {
        Event event = Event.newBuilder()
                .setType("a\"b\\c\u0001\n\u20ac")
                .addTags("t")
                .addTags("\t")
                .putHeaders("z", "1")
                .putHeaders("b", "\b\f\r")
                .setTimeNs(-1)
                .setPayload(ByteString.copyFromUtf8("no json"))
                .build();
        JsonBytes out = new JsonBytes();
        EventJson.write(out, 7, 1_700_000_000_000_000_009L, event);
        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8))
                .isEqualTo("{\"position\":7,\"recorded_time\":\"2023-11-14T22:13:20.000000009Z\","
                        + "\"recorded_ns\":\"1700000000000000009\",\"type\":\"a\\\"b\\\\c\\u0001\\n\u20ac\","
                        + "\"tags\":[\"t\",\"\\t\"],\"headers\":{\"b\":\"\\b\\f\\r\",\"z\":\"1\"},"
                        + "\"time\":\"1969-12-31T23:59:59.999999999Z\",\"data_base64\":\"bm8ganNvbg==\"}");
    }

    @Test
    void timesAreShownToTheFirstAndLastNanosecondThereIs() {
        assertThat(time(Long.MIN_VALUE)).isEqualTo("\"1677-09-21T00:12:43.145224192Z\"");
        assertThat(time(Long.MAX_VALUE)).isEqualTo("\"2262-04-11T23:47:16.854775807Z\"");
    }

    private static String time(long nanos) {
        JsonBytes out = new JsonBytes();
        out.time(nanos);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void arraysThatBecameLargeAreGivenBackOnceLittleIsWritten() {
        JsonBytes out = new JsonBytes();
        out.raw(new byte[600_000]).clear();
        assertThat(out.array()).as("for the next text of this size").hasSizeGreaterThanOrEqualTo(600_000);
        out.raw("{}").clear();
        assertThat(out.array()).hasSizeLessThanOrEqualTo(64 << 10);
        out.raw(new byte[3 << 20]).clear();
        assertThat(out.array()).hasSizeLessThanOrEqualTo(64 << 10);
    }

    /** The text as it is shown; null when it is not shown as JSON. */
    private static @Nullable String shown(String text) {
        JsonBytes out = new JsonBytes();
        return out.json(ByteString.copyFromUtf8(text)) ? new String(out.toByteArray(), StandardCharsets.UTF_8) : null;
    }

    private static boolean isJson(byte[] text) throws IOException {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(text))
                    .toString();
            String written = MAPPER.writeValueAsString(MAPPER.readTree(decoded));
            return !MAPPER.readTree(decoded).isMissingNode()
                    && StandardCharsets.UTF_8.newEncoder().canEncode(written);
        } catch (JsonProcessingException | CharacterCodingException e) {
            return false;
        }
    }
}
