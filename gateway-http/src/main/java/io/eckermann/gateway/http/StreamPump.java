package io.eckermann.gateway.http;

import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.http.json.JsonBytes;
import io.eckermann.gateway.read.AfterReads;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.read.Untaken;
import io.eckermann.protocol.v1.ReadFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a read to a client: the next frame is asked for only while the channel takes more bytes, so a slow client holds
 * no memory but the channel's own buffer. Runs on the channel's event loop, but for the encoding of frames.
 */
// What Netty's futures tell, the channel's own events tell as well: a failed write or close ends in channelInactive.
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamPump {
    private static final Logger LOG = LoggerFactory.getLogger(StreamPump.class);
    /** Of whoever encodes, and empty between two frames: each reader's own would be kept while that one takes nothing. */
    private static final ThreadLocal<JsonBytes> TEXT = ThreadLocal.withInitial(JsonBytes::new);

    private final Channel channel;
    private final ReadStream stream;
    private final Untaken untaken;
    private final StreamFormat format;
    private final boolean backward;
    /** What is left of the last frame; handed on between the event loop and whoever encodes. */
    private @Nullable FrameText rest;

    private final AfterReads work;
    private final Outgoing outgoing;
    private final Duration stall;
    private final Correlation call;
    private final Consumer<Boolean> ended;
    private boolean pulling;
    private boolean done;
    private @Nullable ScheduledFuture<?> stalled;

    /**
     * Sends nothing yet.
     *
     * @param work encodes what comes; where the store was read, at once, as frames would wait for others in memory
     * @param outgoing counts what was encoded, over all pumps
     * @param call what its request is found by
     * @param ended told once the last byte was written, and whether the read ended well
     */
    StreamPump(
            Channel channel,
            Answer.Flow flow,
            AfterReads work,
            Outgoing outgoing,
            Duration stall,
            Correlation call,
            Consumer<Boolean> ended) {
        this.channel = channel;
        this.stream = flow.stream();
        this.untaken = stream.untaken();
        this.format = flow.format();
        this.backward = flow.backward();
        this.work = work;
        this.outgoing = outgoing;
        this.stall = stall;
        this.call = call;
        this.ended = ended;
    }

    void start() {
        int most = untaken.pageBytes();
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(most / 2, most));
        write(Unpooled.copiedBuffer(format.opening(), StandardCharsets.US_ASCII));
        pull();
    }

    /** The channel takes more bytes, or no longer. */
    void writabilityChanged() {
        if (channel.isWritable()) {
            taken();
        }
        pull();
    }

    /** Ends the read; what was sent so far is whole. */
    void stop() {
        stream.close();
    }

    /** The channel is closed: nothing more can be sent. */
    void abandon() {
        done = true;
        taken();
        untaken.over();
        stream.close();
    }

    private void pull() {
        if (pulling || done) {
            return;
        }
        if (!channel.isWritable()) {
            if (stalled == null) {
                stalled = channel.eventLoop().schedule(() -> channel.close(), stall.toMillis(), TimeUnit.MILLISECONDS);
            }
            return;
        }
        pulling = true;
        if (rest == null) {
            stream.next().whenCompleteAsync(this::encode, work);
        } else {
            CompletableFuture.completedFuture(Optional.<ReadFrame>empty()).whenCompleteAsync(this::encode, work);
        }
    }

    /** @param next nothing while there is a rest */
    private void encode(Optional<ReadFrame> next, @Nullable Throwable failure) {
        try {
            encodeSome(next, failure);
        } catch (Throwable e) {
            // Also what is no exception: a read that is open but never goes on would be worse.
            LOG.error("A stream broke off: its text could not be made", e);
            stream.close();
            channel.close();
        }
    }

    private void encodeSome(Optional<ReadFrame> next, @Nullable Throwable failure) {
        JsonBytes text = TEXT.get();
        text.clear();
        boolean last = false;
        boolean failed = false;
        try {
            if (failure != null) {
                throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
            }
            FrameText frame = rest != null ? rest : next.map(this::textOf).orElse(null);
            last = frame == null;
            rest = frame == null || frame.write(text, untaken.pageBytes()) ? null : frame;
        } catch (RuntimeException e) {
            last = true;
            failed = true;
            // What was written is whole events, but for the last.
            text.clear();
            call.during(() -> format.error(text, HttpErrors.storeException(e)));
        }
        int length = text.length();
        try {
            outgoing.take(length);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            stream.close();
            return;
        }
        hand(text, length, last, failed);
    }

    private void hand(JsonBytes text, int length, boolean last, boolean failed) {
        boolean handed = false;
        try {
            ByteBuf bytes = channel.alloc().buffer(length).writeBytes(text.array(), 0, length);
            text.clear();
            handed = send(bytes, last, failed);
        } finally {
            if (!handed) {
                outgoing.giveBack(length);
            }
        }
    }

    private FrameText textOf(ReadFrame frame) {
        return new FrameText(format, frame, backward);
    }

    /** Returns whether the channel will get it. */
    private boolean send(ByteBuf bytes, boolean last, boolean failed) {
        int length = bytes.readableBytes();
        try {
            channel.eventLoop().execute(() -> {
                outgoing.giveBack(length);
                pulling = false;
                if (done) {
                    bytes.release();
                    return;
                }
                write(bytes);
                if (last) {
                    finish(!failed);
                } else {
                    pull();
                }
            });
            return true;
        } catch (RejectedExecutionException stopping) {
            bytes.release();
            stream.close();
            return false;
        }
    }

    private void finish(boolean well) {
        done = true;
        stream.close();
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener((ChannelFutureListener) written -> {
            taken();
            untaken.over();
            ended.accept(well && written.isSuccess());
        });
        if (stalled == null) {
            stalled = channel.eventLoop().schedule(() -> channel.close(), stall.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void write(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length > 0) {
            channel.writeAndFlush(new DefaultHttpContent(bytes));
            if (!channel.isWritable()) {
                untaken.left(unsentBytes() + length, channel::close);
            }
        } else {
            bytes.release();
        }
    }

    /** What waits in the channel; what was fetched for it and is not sent yet may be as much as was sent last. */
    private long unsentBytes() {
        return channel.bytesBeforeWritable() + channel.config().getWriteBufferLowWaterMark();
    }

    private void taken() {
        untaken.taken();
        if (stalled != null) {
            stalled.cancel(false);
            stalled = null;
        }
    }
}
