package io.eckermann.statemachine.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Bytes that no leader wrote: commands that were cut, flipped, doubled, moved and mixed. Each is read, or refused as
 * unreadable; a node that meets one must know which. {@code -Dfuzz.mutations} tries more of each.
 */
class MutatedCommandsTest {
    private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 40);
    private static final int STEPS_MAX = 4;
    /** Ends and continuations of varints, and the tags of small fields. */
    private static final byte[] TELLING = {0, 1, 2, 8, 10, 0x12, 0x7f, (byte) 0x80, (byte) 0xff};

    @Property(tries = 150)
    void anyBytesAreReadOrRefusedAsUnreadable(
            @ForAll("operations") List<Operation> one, @ForAll("operations") List<Operation> other, @ForAll long seed)
            throws UnreadableCommandException {
        Random random = new Random(seed);
        byte[] whole = encode(one);
        byte[] donor = encode(other);
        assertThat(CommandCodec.decode(ByteString.copyFrom(whole)).steps()).isNotEmpty();
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = whole;
            for (int steps = 1 + random.nextInt(STEPS_MAX); steps > 0; steps--) {
                mutated = mutated(mutated, donor, random);
            }
            read(mutated);
        }
    }

    @Provide
    Arbitrary<List<Operation>> operations() {
        return Operations.lists();
    }

    private static byte[] encode(List<Operation> operations) {
        CommandBuilder builder = new CommandBuilder();
        operations.forEach(builder::add);
        return builder.build(7).bytes().toByteArray();
    }

    /** Whatever else is thrown fails the test. */
    private static void read(byte[] bytes) {
        ByteString entry = ByteString.copyFrom(bytes);
        try {
            Command command = CommandCodec.decode(entry);
            assertThat(command.steps()).isNotNull();
        } catch (UnreadableCommandException e) {
            assertThat(e).hasMessageMatching("(?s).+\\.");
        }
        try {
            CommandCodec.bodies(entry.newCodedInput(), (ordinal, position, length) -> {
                assertThat(position).isNotNegative();
                assertThat(position + length).isLessThanOrEqualTo(bytes.length);
            });
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    private static byte[] mutated(byte[] bytes, byte[] donor, Random random) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(24));
        byte[] piece = Arrays.copyOfRange(bytes, from, to);
        return switch (random.nextInt(6)) {
            case 0 -> flipped(bytes, random);
            case 1 -> joined(head(bytes, from), tail(bytes, to));
            case 2 -> joined(head(bytes, to), piece, tail(bytes, to));
            case 3 -> joined(head(bytes, from), noise(random), tail(bytes, from));
            case 4 -> {
                int at = random.nextInt(donor.length + 1);
                byte[] more = Arrays.copyOfRange(donor, at, Math.min(donor.length, at + 48));
                yield joined(head(bytes, from), more, tail(bytes, to));
            }
            default -> {
                int at = random.nextInt(bytes.length + 1);
                yield joined(head(bytes, at), piece, tail(bytes, at));
            }
        };
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        byte[] copy = bytes.clone();
        if (copy.length > 0) {
            int at = random.nextInt(copy.length);
            copy[at] = random.nextBoolean()
                    ? TELLING[random.nextInt(TELLING.length)]
                    : (byte) (copy[at] ^ (1 << random.nextInt(8)));
        }
        return copy;
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[1 + random.nextInt(8)];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] head(byte[] bytes, int to) {
        return Arrays.copyOfRange(bytes, 0, to);
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
