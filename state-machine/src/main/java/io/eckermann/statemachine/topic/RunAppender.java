package io.eckermann.statemachine.topic;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.chunk.NewChunk;
import io.eckermann.statemachine.command.AppendRun;
import io.eckermann.statemachine.command.AppendRun.Part;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.condition.Conditions;
import io.eckermann.statemachine.idempotency.RequestTable;
import io.eckermann.statemachine.query.EventIndex;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.ChunkRow;
import io.eckermann.statemachine.store.v1.KeptResultRow;
import io.eckermann.statemachine.store.v1.TailRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends one run to its topic: what is accepted side by side becomes one chunk, unless parts are compressed each by
 * itself. Chunks of a run that is compressed as one share its body, each with the events it skips. Apply thread; used
 * once.
 */
public final class RunAppender {
    private final StoreBatch batch;
    private final HotRows hot;
    private final Topic topic;
    private final AppendRun run;
    private final RaftIndex at;
    private final int ordinal;
    private final ProducerTable producers;
    private final RequestTable requests;
    private final EventIndex index;
    private final EventIds ids;
    private final List<NewChunk> written = new ArrayList<>();

    private long head;
    private long nextRecordedNs;
    private int remembered;
    private long acceptedBytes;
    /** Parts accepted side by side that no chunk was written for yet. */
    private final List<Part> open = new ArrayList<>();

    private int openOffset;
    /** How many events of the run lie before them. */
    private int openSkip;

    private long openRecordedNs;
    /** Where the run's body begins in its step's. */
    private int stepOffset;

    /**
     * @param ordinal which of the entry's steps the run is, from 0
     */
    public RunAppender(
            StoreBatch batch, HotRows hot, Topic topic, AppendRun run, RaftIndex at, int ordinal, long leaderTimeNs) {
        this.batch = batch;
        this.hot = hot;
        this.topic = topic;
        this.run = run;
        this.at = at;
        this.ordinal = ordinal;
        producers = new ProducerTable(batch, hot, topic.id(), at.index());
        requests = new RequestTable(batch, leaderTimeNs);
        index = new EventIndex(batch, hot.index(), topic.id());
        ids = new EventIds(batch, topic);
        head = topic.tail().getHead();
        nextRecordedNs = Math.max(leaderTimeNs, topic.tail().getLastRecordedNs() + 1);
        remembered = topic.tail().getProducers();
    }

    /** Judges the parts in order and writes what is accepted; one result for each. */
    public List<Result> append() {
        List<Result> results = new ArrayList<>(run.parts().size());
        boolean joined = run.isPlain() || run.wholeCrc32c() != null;
        int offset = 0;
        int skip = 0;
        for (Part part : run.parts()) {
            Result refusal = judge(part);
            if (refusal == null) {
                results.add(accept(part, offset, skip));
            } else {
                results.add(refusal);
            }
            if (refusal != null || !joined) {
                closeChunk();
            }
            offset += part.length();
            skip += part.count();
        }
        closeChunk();
        if (head > topic.tail().getHead() || producers.isChanged()) {
            producers.save();
            index.flush();
            saveTail();
        }
        return results;
    }

    /**
     * Writes what was judged already: a run of one part.
     *
     * @param offset of the run's body in the body of the step that brought it
     */
    Result.Appended appendJudged(int offset) {
        stepOffset = offset;
        Result.Appended result = accept(run.parts().get(0), 0, 0);
        closeChunk();
        index.flush();
        saveTail();
        return result;
    }

    /** The chunks that were written, in position order. */
    public List<NewChunk> written() {
        return written;
    }

    private @Nullable Result judge(Part part) {
        StoreException untold = ids.untold(part.particulars());
        if (untold != null) {
            return Result.Refused.of(untold);
        }
        Particulars.Request request = part.particulars().request();
        // First, so that the retry of an append that was accepted is not refused for what it did itself.
        Result known = request == null ? null : requests.judge(request, topic.id(), head);
        if (known == null && part.producer() != null) {
            known = judge(part, part.producer());
        }
        if (known != null) {
            return known;
        }
        Result.Refused refusal = objection(part.particulars());
        return refusal != null && part.producer() != null && part.producer().refusalsCount()
                ? refuse(part, part.producer(), refusal)
                : refusal;
    }

    /** What the topic holds that speaks against it. */
    private Result.@Nullable Refused objection(Particulars particulars) {
        StoreException taken = ids.taken(particulars);
        List<Condition> conditions = particulars.conditions();
        if (taken != null || conditions.isEmpty()) {
            return taken == null ? null : Result.Refused.of(taken);
        }
        index.flushFor(conditions);
        return conditions(conditions).judge();
    }

    /** The refusal takes the sequence: a retry gets it again, whatever the topic holds by then. */
    private Result.Refused refuse(Part part, ProducerSequence by, Result.Refused refusal) {
        Result.Refused taking = KeptRefusals.taking(refusal, by);
        remember(by, kept(by, part).setRefusal(KeptRefusals.row(taking)));
        return taking;
    }

    private Conditions conditions(List<Condition> conditions) {
        return new Conditions(batch, hot.index(), topic.id(), topic.tail().getFirst(), head, conditions);
    }

    private @Nullable Result judge(Part part, ProducerSequence by) {
        Producer producer = producers.find(by.producer());
        long last = producer == null ? 0 : producer.lastSequence();
        return AppendRules.judge(part, by, last, sequence -> producers.result(by.producer(), sequence), head);
    }

    private Result.Appended accept(Part part, int offset, int skip) {
        if (open.isEmpty()) {
            openOffset = offset;
            openSkip = skip;
            openRecordedNs = nextRecordedNs;
        }
        open.add(part);
        Result.Appended result =
                new Result.Appended(head + 1, part.count(), head + part.count(), nextRecordedNs, false);
        Particulars particulars = part.particulars();
        index.add(particulars.terms(), head + 1, part.count());
        ids.add(particulars, head + 1);
        if (!particulars.conditions().isEmpty()) {
            conditions(particulars.conditions()).accepted();
        }
        head += part.count();
        nextRecordedNs += part.count();
        if (part.producer() != null) {
            remember(
                    part.producer(),
                    kept(part.producer(), part).setFirst(result.first()).setRecordedNs(result.recordedNs()));
        }
        if (particulars.request() != null) {
            requests.keep(particulars.request(), topic.id(), result);
        }
        return result;
    }

    private static KeptResultRow.Builder kept(ProducerSequence by, Part part) {
        return KeptResultRow.newBuilder()
                .setSequence(by.sequence())
                .setCount(part.count())
                .setCrc32C(part.crc32c());
    }

    private void remember(ProducerSequence by, KeptResultRow.Builder row) {
        remembered = producers.taken(by.producer(), row.build(), remembered);
    }

    private void closeChunk() {
        if (open.isEmpty()) {
            return;
        }
        int count = open.stream().mapToInt(Part::count).sum();
        ChunkRow.Builder row = ChunkRow.newBuilder()
                .setRaftIndex(at.index())
                .setOrdinal(ordinal)
                .setCount(count)
                .setFirstRecordedNs(openRecordedNs)
                .setEncoding(run.encoding())
                .setBytesBefore(topic.appendedBytes() + acceptedBytes);
        ByteString body = run.wholeCrc32c() == null ? ownBody(row) : sharedBody(row, run.wholeCrc32c());
        acceptedBytes += written.isEmpty() || run.wholeCrc32c() == null ? body.size() : 0;
        IndexedChunk chunk = new IndexedChunk(topic.id(), head, row.build());
        ChunkTable.put(batch, chunk);
        written.add(new NewChunk(topic.id(), chunk.with(body), 0));
        open.clear();
    }

    /** The stretch of the run's body that holds the open parts and nothing else. */
    private ByteString ownBody(ChunkRow.Builder row) {
        int length = open.stream().mapToInt(Part::length).sum();
        ByteString body = run.body().substring(openOffset, openOffset + length);
        // A part's own checksum was made by whoever encoded it, so it protects the whole way.
        int crc32c = open.size() == 1 ? open.get(0).crc32c() : EventsCodec.crc32c(body);
        row.setOffset(stepOffset + openOffset).setLength(length).setCrc32C(crc32c);
        return body;
    }

    private ByteString sharedBody(ChunkRow.Builder row, int crc32c) {
        row.setLength(run.body().size()).setCrc32C(crc32c).setSkip(openSkip);
        return run.body();
    }

    private void saveTail() {
        TailRow.Builder tail = topic.tail().toBuilder().setProducers(remembered);
        if (head > tail.getHead()) {
            tail.setHead(head).setLastRecordedNs(nextRecordedNs - 1).setSizeBytes(tail.getSizeBytes() + acceptedBytes);
        }
        hot.put(TopicTable.saveTail(batch, topic.with(tail.build())));
    }
}
