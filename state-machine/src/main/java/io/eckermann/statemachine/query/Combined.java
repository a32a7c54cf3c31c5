package io.eckermann.statemachine.query;

import java.util.List;

/** Positions made of others. */
final class Combined {
    private Combined() {}

    /** Those that any of them has. */
    static Positions any(List<Positions> parts, boolean forward) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        return from -> {
            long nearest = forward ? Positions.NONE_HIGHER : Positions.NONE_LOWER;
            for (Positions part : parts) {
                long found = part.seek(from);
                nearest = forward ? Math.min(nearest, found) : Math.max(nearest, found);
            }
            return nearest;
        };
    }

    /** Those that all of them have: each is asked for what the one before has found, so the rarest sets the pace. */
    static Positions all(List<Positions> parts, boolean forward) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        long none = forward ? Positions.NONE_HIGHER : Positions.NONE_LOWER;
        return from -> {
            long candidate = from;
            int agreeing = 0;
            for (int next = 0; agreeing < parts.size(); next = (next + 1) % parts.size()) {
                long found = parts.get(next).seek(candidate);
                if (found == none) {
                    return none;
                }
                agreeing = found == candidate ? agreeing + 1 : 1;
                candidate = found;
            }
            return candidate;
        };
    }

    /** All positions between these, inclusive. */
    static Positions every(long first, long last, boolean forward) {
        if (forward) {
            return from -> from > last ? Positions.NONE_HIGHER : Math.max(first, from);
        }
        return from -> from < first ? Positions.NONE_LOWER : Math.min(last, from);
    }
}
