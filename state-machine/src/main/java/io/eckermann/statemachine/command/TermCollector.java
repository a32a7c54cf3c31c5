package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.Particulars.Term;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the terms of an append's events, which are shown to it in their order. Used by one thread at a time. */
public final class TermCollector {
    private record Name(Kind kind, ByteString text) {}

    private final Map<Name, Places> found = new LinkedHashMap<>();
    /** Of each kind the term that came last: neighbours mostly have the same type. */
    private final Map<Kind, Places> last = new EnumMap<>(Kind.class);

    private long sizeBytes;

    /**
     * Takes one term of one event.
     *
     * @param event its number in the append, from 0; never lower than that of the call before
     */
    public void add(Kind kind, int event, ByteString text) {
        Places places = last.get(kind);
        if (places == null || !places.name.text().equals(text)) {
            Name name = new Name(kind, text);
            places = found.get(name);
            if (places == null) {
                places = new Places(name);
                found.put(name, places);
                sizeBytes += text.size() + 2 * Integer.BYTES;
            }
            last.put(kind, places);
        }
        sizeBytes += places.add(event);
    }

    /** Forgets all that it was shown. */
    public void clear() {
        found.clear();
        last.clear();
        sizeBytes = 0;
    }

    /** Roughly how many bytes the terms take in a command. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /**
     * The terms, each once.
     *
     * @param events how many events the append has
     */
    public List<Term> terms(int events) {
        if (found.isEmpty()) {
            return List.of();
        }
        List<Term> terms = new ArrayList<>(found.size());
        found.forEach((name, places) -> terms.add(new Term(name.kind(), name.text(), places.runs(events))));
        return terms;
    }

    /** Which events have a term. */
    private static final class Places {
        private static final int RUN_BYTES = 4;

        final Name name;
        private final List<Integer> runs = new ArrayList<>(2);
        /** Of the last run, which is not in the list yet. */
        private int first;

        private int end;

        Places(Name name) {
            this.name = name;
        }

        /** Returns how many bytes it grew by, roughly. */
        int add(int event) {
            if (end == 0) {
                runs.add(event);
            } else if (event < end) {
                return 0;
            } else if (event > end) {
                runs.add(end - first);
                runs.add(event - end);
            } else {
                end++;
                return 0;
            }
            first = event;
            end = event + 1;
            return RUN_BYTES;
        }

        List<Integer> runs(int events) {
            if (runs.size() == 1 && first == 0 && end == events) {
                return List.of();
            }
            List<Integer> all = new ArrayList<>(runs);
            all.add(end - first);
            return List.copyOf(all);
        }
    }
}
