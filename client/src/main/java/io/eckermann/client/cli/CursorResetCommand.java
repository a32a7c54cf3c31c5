package io.eckermann.client.cli;

import io.eckermann.client.CursorPosition;
import io.eckermann.client.CursorReset;
import io.eckermann.client.EventStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a cursor somewhere, forward or back. */
@Command(
        name = "reset",
        description = "Puts a cursor somewhere, forward or back; what is not there leads to the nearest that is.",
        footer = {"", "  eckermann cursor reset billing orders --time yesterday"})
final class CursorResetCommand extends StoreVerb {
    @Parameters(index = "0", paramLabel = "CONSUMER")
    private String consumer = "";

    @Parameters(index = "1", paramLabel = "TOPIC")
    private String topic = "";

    @ArgGroup(multiplicity = "1")
    private To to = new To();

    @Option(
            names = "--seek",
            description = "Which event --time leads to: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private ReadStart.Seek seek = ReadStart.Seek.at_or_after;

    @Option(
            names = "--expected",
            paramLabel = "POSITION",
            description = "Only when the cursor is there now; 0: when there is none.")
    private @Nullable Long expected;

    @Mixin
    private TimeOptions times = new TimeOptions();

    /** Where to; one of these. */
    static final class To {
        @Option(names = "--earliest", description = "Every event that is kept is still to be read.")
        private boolean earliest;

        @Option(names = "--latest", description = "None is.")
        private boolean latest;

        @Option(names = "--position", paramLabel = "POSITION", description = "This is the last that is done with.")
        private @Nullable Long position;

        @Option(
                names = "--time",
                paramLabel = "TIME",
                description = "What was recorded then is next: " + TimeOptions.EXAMPLES + ".")
        private @Nullable String time;
    }

    @Override
    void run(EventStore store) throws Exception {
        CursorReset reset = expected == null ? reset() : reset().expecting(expected);
        CursorPosition now = answer(store.cursors().reset(consumer, topic, reset));
        if (!output().quiet() || output().format() != Format.table) {
            CursorCommand.printOne(console(), output().format(), now);
        }
        if (now.snapped() && !output().quiet()) {
            console().note("eckermann: that place is not there; the nearest is, and " + now.next() + " is next");
        }
    }

    private CursorReset reset() {
        if (to.position != null) {
            return CursorReset.position(to.position);
        }
        if (to.time != null) {
            return CursorReset.time(times.instant("--time", to.time), seek.option());
        }
        assert to.earliest != to.latest : "the command line lets one of them through";
        return to.earliest ? CursorReset.earliest() : CursorReset.latest();
    }
}
