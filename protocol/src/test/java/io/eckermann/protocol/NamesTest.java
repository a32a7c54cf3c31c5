package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "orders", "shop.orders-2026_07", "A.B", "...", "-", "0"})
    void topicNamesOfTheAllowedCharactersAreKept(String name) {
        assertThat(Names.topic(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "_system", "a b", "a/b", "ä", "a\n", "\0", "a\u0661"})
    void otherTopicNamesAreRefused(String name) {
        assertRefused(ErrorCode.BAD_TOPIC_NAME, () -> Names.topic(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "_mine", ".", "billing.eu"})
    void consumersAndProducersMayStartWithAnUnderscore(String name) {
        assertThat(Names.consumer(name)).isEqualTo(name);
        assertThat(Names.producer(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "a\n"})
    void otherConsumersAndProducersAreRefused(String name) {
        assertRefused(ErrorCode.BAD_REQUEST, () -> Names.consumer(name));
        assertRefused(ErrorCode.BAD_REQUEST, () -> Names.producer(name));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 249, 250, 1_000_000})
    void lengthsAreBounded(int length) {
        String name = "x".repeat(length);
        if (length <= Limits.NAME_CHARS_MAX) {
            assertThat(Names.topic(name)).isEqualTo(Names.consumer(name));
        } else {
            assertRefused(ErrorCode.BAD_TOPIC_NAME, () -> Names.topic(name));
            assertRefused(ErrorCode.BAD_REQUEST, () -> Names.consumer(name));
        }
        if (length > Limits.PRODUCER_ID_CHARS_MAX) {
            assertRefused(ErrorCode.BAD_REQUEST, () -> Names.producer(name));
        }
    }

    @Property(tries = 500)
    void whateverIsAcceptedIsAscii(@ForAll String name) {
        try {
            assertThat(Names.topic(name).chars()).allMatch(c -> c > ' ' && c < 127);
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_TOPIC_NAME);
            assertThat(e.facts().get("topic")).hasSizeLessThanOrEqualTo(81);
        }
    }

    private static void assertRefused(ErrorCode code, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
