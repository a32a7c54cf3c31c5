package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.shim.Shim;
import io.eckermann.chaos.shim.Shim.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * N9: a disk fails. The node that was told of it must end by itself within seconds, since it can't know what of it is on
 * the disk, and must not have a file fsynced again whose fsync failed: the kernel would say that all is well. Whether it did is judged
 * from the evidence, by {@code fail-stop}.
 */
record FailingDisk(Failure failure, Testbed.Whom whom) implements Nemesis {
    private static final long EIO = 5;
    private static final long NO_END = -1;
    private static final Duration MET = Duration.ofSeconds(10);
    /** Longer than it may take, so that the evidence says how long it took. */
    private static final Duration END = Duration.ofSeconds(10);

    /** What of it fails. */
    enum Failure {
        FSYNC_ONCE("fsync-eio-once"),
        FSYNC_ALWAYS("fsync-eio-always"),
        LOG_WRITE_ONCE("log-write-eio-once"),
        WRITE_ALWAYS("write-eio-always"),
        /** Everything, as ext4 does when it is shut down: the node stays, and nothing gets to its disk any more. */
        DEAD("dead-disk");

        private final String word;

        Failure(String word) {
            this.word = word;
        }
    }

    @Override
    public String id() {
        return "N9";
    }

    @Override
    public String name() {
        return failure == Failure.DEAD ? failure.word + "-" + whom.word() : failure.word;
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        Optional<String> missing = bed.withoutShim();
        return failure == Failure.DEAD ? missing.or(bed::withoutPower) : missing;
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(whom, choices).get(0);
        Shim shim = victim.needShim();
        long againBefore = shim.value(Slot.FSYNCS_AGAIN);
        shim.set(Slot.FAILED_AT_NS, 0);
        begin(victim, shim);
        boolean met = Patience.until(MET, () -> shim.value(Slot.FAILED_AT_NS) != 0);
        boolean stopped = Patience.until(END, () -> !victim.isAlive());
        long tookNs = System.nanoTime() - shim.value(Slot.FAILED_AT_NS);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("fsyncs-failed", shim.value(Slot.FSYNCS_FAILED));
        facts.put("writes-failed", shim.value(Slot.WRITES_FAILED));
        facts.put(victim.id() + "-stopped", stopped);
        facts.put(victim.id() + "-fsyncs-again", shim.value(Slot.FSYNCS_AGAIN) - againBefore);
        if (met && stopped) {
            facts.put(victim.id() + "-stopped-after-ms", tookNs / 1_000_000);
        }
        victim.exitCode().ifPresent(code -> facts.put(victim.id() + "-exit", code));
        boolean proven = met && (failure != Failure.DEAD || takesNothing(victim));
        return Strike.on(List.of(victim), new Evidence(proven, facts), () -> {
            if (failure == Failure.DEAD) {
                victim.kill();
                victim.disk().restorePower();
            }
            shim.clear();
            if (!victim.isAlive()) {
                victim.start();
            }
        });
    }

    private void begin(Server victim, Shim shim) throws Exception {
        switch (failure) {
            case FSYNC_ONCE -> fail(shim, Slot.FSYNC_ERRNO, Slot.FSYNC_ERRORS_LEFT, 1);
            case FSYNC_ALWAYS -> fail(shim, Slot.FSYNC_ERRNO, Slot.FSYNC_ERRORS_LEFT, NO_END);
            case LOG_WRITE_ONCE -> {
                shim.set(Slot.WRITE_ERRORS_OF_LOG, 1);
                fail(shim, Slot.WRITE_ERRNO, Slot.WRITE_ERRORS_LEFT, 1);
            }
            case WRITE_ALWAYS -> fail(shim, Slot.WRITE_ERRNO, Slot.WRITE_ERRORS_LEFT, NO_END);
            case DEAD -> victim.disk().cutPower();
        }
    }

    private static void fail(Shim shim, Slot error, Slot left, long times) {
        shim.set(left, times);
        shim.set(error, EIO);
    }

    private static boolean takesNothing(Server victim) {
        Path file = victim.disk().mount().resolve("refused");
        try {
            Files.write(file, new byte[1]);
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
