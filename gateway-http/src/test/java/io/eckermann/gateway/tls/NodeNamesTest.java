package io.eckermann.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NodeNamesTest {
    private static final int MAIL = 1;
    private static final int DNS = 2;
    private static final int IP = 7;

    @Test
    void nameIsThatOfTheHostInAnyCase() {
        assertThat(NodeNames.matches(DNS, "N1.example", "n1.Example")).isTrue();
        assertThat(NodeNames.matches(DNS, "n1.example", "n11.example")).isFalse();
        assertThat(NodeNames.matches(IP, "10.0.0.1", "10.0.0.1")).isTrue();
        assertThat(NodeNames.matches(MAIL, "n1.example", "n1.example")).isFalse();
    }

    @Test
    void starStandsForOneWholeLabel() {
        assertThat(NodeNames.matches(DNS, "*.log.svc", "n1.log.svc")).isTrue();
        assertThat(NodeNames.matches(DNS, "*.log.svc", "a.n1.log.svc")).isFalse();
        assertThat(NodeNames.matches(DNS, "*.log.svc", "log.svc")).isFalse();
        assertThat(NodeNames.matches(DNS, "*.log.svc", ".log.svc")).isFalse();
        assertThat(NodeNames.matches(DNS, "n*.log.svc", "n1.log.svc")).isFalse();
        assertThat(NodeNames.matches(DNS, "*", "n1")).isFalse();
    }
}
