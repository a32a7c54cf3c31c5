package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Event;
import io.eckermann.client.RecordedEvent;
import io.eckermann.client.cli.Console.Style;
import java.util.OptionalLong;

/** Writes events to stdout as they come: nothing is kept, so a read may be as long as it likes. */
final class EventWriter {
    private static final String COLUMNS = "%9s  %-24s  %-14s  %-14s  %s";

    private final Console console;
    private final Kind kind;
    private long written;

    /** How events are written: the formats of {@link Format}, and the payloads alone. */
    enum Kind {
        table,
        json,
        ndjson,
        raw,
        /** In the JSON format of CloudEvents, one a line. */
        cloudevents
    }

    EventWriter(Console console, Kind kind) {
        this.console = console;
        this.kind = kind;
    }

    void start() {
        if (kind == Kind.table) {
            console.line(console.styled(Style.BOLD, COLUMNS.formatted("POSITION", "RECORDED", "TYPE", "KEY", "DATA")));
        } else if (kind == Kind.json) {
            console.line("{\"events\":[");
        }
    }

    void write(RecordedEvent event) {
        switch (kind) {
            case table -> console.line(row(event));
            case json -> console.line((written == 0 ? "" : ",") + Json.text(EventJson.write(event)));
            case ndjson -> console.line(Json.text(EventJson.write(event)));
            case cloudevents -> console.line(CloudEventText.write(event));
            case raw -> {
                console.bytes(event.event().payload());
                console.bytes(new byte[] {'\n'});
            }
        }
        written++;
    }

    /** The events are complete; {@code next} is where a next read should start. What is empty is not known. */
    void end(OptionalLong next, OptionalLong head, OptionalLong keyVersion) {
        if (kind == Kind.json) {
            ObjectNode rest = Json.object();
            next.ifPresent(position -> rest.put("next", position));
            head.ifPresent(position -> rest.put("head", position));
            keyVersion.ifPresent(version -> rest.put("key_version", version));
            String fields = Json.text(rest);
            console.line(rest.isEmpty() ? "]}" : "]," + fields.substring(1));
        }
        console.flush();
    }

    long written() {
        return written;
    }

    private String row(RecordedEvent recorded) {
        Event event = recorded.event();
        String row = COLUMNS.formatted(
                recorded.position(),
                Times.shortened(recorded.recordedTime()),
                shown(event.type()),
                shown(event.key()),
                payload(event));
        int columns = console.columns();
        return console.outIsTerminal() && row.length() > columns ? row.substring(0, columns - 1) + "…" : row;
    }

    private static String payload(Event event) {
        if (event.isDeleted()) {
            return "<deleted>";
        }
        return EventJson.text(event.payloadBuffer())
                .map(EventWriter::shown)
                .orElseGet(() -> "<" + event.payloadBytes() + " bytes>");
    }

    /** Without what would move the cursor or break the line. */
    private static String shown(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
