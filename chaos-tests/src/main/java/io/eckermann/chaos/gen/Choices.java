package io.eckermann.chaos.gen;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A source of choices. From one seed each name has its own, so that what one does leaves the others' choices alone. */
public final class Choices {
    private final SplittableRandom random;

    private Choices(SplittableRandom random) {
        this.random = random;
    }

    /** Those of a name, the same for the same seed. */
    public static Choices of(long seed, String name) {
        return new Choices(new SplittableRandom(seed * 0x9E3779B97F4A7C15L + name.hashCode()));
    }

    /** A number from 0 to below a bound. */
    public synchronized int below(int bound) {
        return random.nextInt(bound);
    }

    /** A number between two, both included. */
    public synchronized int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    public synchronized long below(long bound) {
        return random.nextLong(bound);
    }

    /** True so often of a hundred times. */
    public boolean percent(int chance) {
        return below(100) < chance;
    }

    public <T> T one(List<T> things) {
        return things.get(below(things.size()));
    }

    /** The same things in an order that is drawn by lot. */
    public <T> List<T> shuffled(List<T> things) {
        List<T> left = new ArrayList<>(things);
        List<T> order = new ArrayList<>();
        while (!left.isEmpty()) {
            order.add(left.remove(below(left.size())));
        }
        return order;
    }
}
