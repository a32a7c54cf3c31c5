package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadMemoryTest {
    private static final int MIB = 1 << 20;

    private final ReadMemory memory = new ReadMemory(10 * MIB);
    private final List<String> cutOff = new ArrayList<>();

    @Test
    void whoTookNothingForLongestIsCutOff() {
        Untaken first = left("first", 4 * MIB);
        Untaken second = left("second", 4 * MIB);
        // It took some since: now it is the second that took nothing for longest.
        first.taken();
        first.left(4 * MIB, () -> cutOff.add("first"));
        assertThat(cutOff).isEmpty();
        Untaken third = left("third", 4 * MIB);
        assertThat(cutOff).containsExactly("second");
        assertThat(memory.bytes()).isEqualTo(8 * MIB);
        assertThat(memory.cutOff()).isEqualTo(1);
        // What ends afterwards is not given back twice.
        List.of(first, second, third).forEach(Untaken::taken);
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void asManyAreCutOffAsItTakes() {
        IntStream.range(0, 10).forEach(i -> left("small " + i, MIB));
        left("large", 3 * MIB);
        assertThat(cutOff).containsExactly("small 0", "small 1", "small 2");
    }

    @Test
    void whoLeavesMoreThanThereMayBeIsCutOffToo() {
        left("huge", 11 * MIB);
        assertThat(cutOff).containsExactly("huge");
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void aCutOffThatFailsKeepsNobodyElseFromIt() {
        memory.reader().left(6 * MIB, () -> {
            throw new IllegalStateException("the call is over, says the test");
        });
        left("other", 6 * MIB);
        left("last", 9 * MIB);
        assertThat(cutOff).containsExactly("other");
    }

    @Test
    void whoIsCutOffOrOverCountsNoMore() {
        Untaken cut = left("cut", 6 * MIB);
        Untaken other = left("other", 6 * MIB);
        cut.left(6 * MIB, () -> cutOff.add("again"));
        other.over();
        other.left(6 * MIB, () -> cutOff.add("over"));
        assertThat(memory.bytes()).isZero();
        assertThat(cutOff).containsExactly("cut");
    }

    @Test
    void theMoreThereAreTheLessEachIsGiven() {
        assertThat(memory.pageBytes()).isEqualTo(ReadMemory.PAGE_BYTES_MAX);
        List<Untaken> some =
                IntStream.range(0, 25).mapToObj(i -> memory.reader()).toList();
        assertThat(memory.pageBytes()).isEqualTo(10 * MIB / 4 / 25);
        List<Untaken> many =
                IntStream.range(0, 10_000).mapToObj(i -> memory.reader()).toList();
        assertThat(some.get(0).pageBytes()).isEqualTo(16 << 10);
        many.forEach(Untaken::over);
        many.forEach(Untaken::over);
        some.forEach(Untaken::over);
        assertThat(memory.pageBytes()).isEqualTo(ReadMemory.PAGE_BYTES_MAX);
    }

    private Untaken left(String who, long bytes) {
        Untaken reader = memory.reader();
        reader.left(bytes, () -> cutOff.add(who));
        return reader;
    }
}
