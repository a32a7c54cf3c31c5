package io.eckermann.bench.micro;

import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A chunk of 256 KiB: what making, summing and decoding it cost. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBench {
    private static final int CHUNK_BYTES = 256 << 10;

    /** Of an event's payload. */
    @Param({"100", "1024"})
    public int bytes;

    /** What the payloads are. */
    @Param({"random", "json"})
    public String kind = "random";

    private Events events = Events.getDefaultInstance();
    private EncodedEvents encoded = EncodedEvents.getDefaultInstance();

    /** Makes the chunk. */
    @Setup
    public void make() {
        events = Batch.events(kind, CHUNK_BYTES / bytes, bytes);
        encoded = EventsCodec.encode(events);
    }

    /** As the client does it for an append. */
    @Benchmark
    public EncodedEvents encode() {
        return EventsCodec.encode(events);
    }

    /** As the door does it for each append, and a reader for each chunk. */
    @Benchmark
    public int sum() {
        return EventsCodec.crc32c(encoded.getBody());
    }

    /** As for a reader of events. */
    @Benchmark
    public List<Event> decode() {
        return EventsCodec.decode(encoded.getEncoding(), encoded.getBody(), encoded.getCount());
    }
}
