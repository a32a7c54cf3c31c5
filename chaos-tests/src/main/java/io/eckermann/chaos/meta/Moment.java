package io.eckermann.chaos.meta;

import java.util.Locale;

/** Where the power goes while one term and vote takes the place of another on the disk. */
public enum Moment {
    /** Half of the draft is on the disk. */
    IN_WRITE(2),
    BEFORE_FSYNC(3),
    AFTER_FSYNC(4),
    BEFORE_RENAME(5),
    /** Before the rename is made durable. */
    AFTER_RENAME(6),
    /** Right after the rename was made durable, before anybody has heard of it. */
    DURABLE(1),
    /** Ratis says that it is safe, and the node would vote now. Nothing in the process is told: the power goes from outside. */
    ACKNOWLEDGED(0);

    private final int value;

    Moment(int value) {
        this.value = value;
    }

    /** As libchaos.c has it in CUT_AT_META. */
    public int value() {
        return value;
    }

    /** As in histories. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
