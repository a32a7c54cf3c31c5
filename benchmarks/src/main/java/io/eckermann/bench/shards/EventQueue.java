package io.eckermann.bench.shards;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Simulated time: what happens when. Of two things at one moment the first that was planned comes first. One thread. */
final class EventQueue {
    private record Planned(double atSeconds, long number, Runnable act) {}

    private final PriorityQueue<Planned> planned =
            new PriorityQueue<>(Comparator.comparingDouble(Planned::atSeconds).thenComparingLong(Planned::number));
    private long plans;
    private double nowSeconds;

    double nowSeconds() {
        return nowSeconds;
    }

    void after(double seconds, Runnable act) {
        planned.add(new Planned(nowSeconds + seconds, plans++, act));
    }

    /** Lets all happen that comes no later. */
    void runUntil(double endSeconds) {
        for (Planned next = planned.peek(); next != null && next.atSeconds() <= endSeconds; next = planned.peek()) {
            planned.remove();
            nowSeconds = next.atSeconds();
            next.act().run();
        }
        nowSeconds = endSeconds;
    }
}
