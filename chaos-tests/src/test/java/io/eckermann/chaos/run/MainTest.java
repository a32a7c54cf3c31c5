package io.eckermann.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void wrongUsageIsToldFromARunThatIsUnknown() {
        assertThat(Main.commandLine().execute("smoke", "--nonsense")).isEqualTo(64);
        assertThat(Main.commandLine().execute("full", "--part", "nothing")).isEqualTo(64);
        assertThat(Main.commandLine().execute("replay")).isEqualTo(64);
        assertThat(Main.commandLine().execute("check", "nowhere")).isEqualTo(64);
        assertThat(Main.commandLine().execute("smoke", "--previous", "nowhere")).isEqualTo(64);
        assertThat(Main.commandLine().execute("faults")).isZero();
    }
}
