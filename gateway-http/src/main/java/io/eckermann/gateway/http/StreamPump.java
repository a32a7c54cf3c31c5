package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.JsonBytes;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.protocol.v1.ReadFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a read to a client: the next frame is asked for only while the channel takes more bytes, so a slow client holds
 * no memory but the channel's own buffer. Runs on the channel's event loop, but for the encoding of frames.
 */
// What Netty's futures tell, the channel's own events tell as well: a failed write or close ends in channelInactive.
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamPump {
    private final Channel channel;
    private final ReadStream stream;
    private final StreamFormat format;
    private final boolean backward;
    /** Of whoever encodes the one frame under way. */
    private final JsonBytes text = new JsonBytes();

    private final Executor work;
    private final Duration stall;
    private final Consumer<Boolean> ended;
    private boolean pulling;
    private boolean done;
    private @Nullable ScheduledFuture<?> stalled;

    /** @param ended told once the last byte was written, and whether the read ended well */
    StreamPump(Channel channel, Answer.Flow flow, Executor work, Duration stall, Consumer<Boolean> ended) {
        this.channel = channel;
        this.stream = flow.stream();
        this.format = flow.format();
        this.backward = flow.backward();
        this.work = work;
        this.stall = stall;
        this.ended = ended;
    }

    void start() {
        write(Unpooled.copiedBuffer(format.opening(), StandardCharsets.US_ASCII));
        pull();
    }

    /** The channel takes more bytes, or no longer. */
    void writabilityChanged() {
        if (channel.isWritable() && stalled != null) {
            stalled.cancel(false);
            stalled = null;
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
        cancelStalled();
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
        stream.next().whenCompleteAsync(this::encode, work);
    }

    private void encode(Optional<ReadFrame> frame, @Nullable Throwable failure) {
        boolean last = true;
        boolean failed = false;
        text.clear();
        try {
            if (failure != null) {
                throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
            }
            if (frame.isPresent()) {
                format.frame(text, frame.get(), backward);
                last = false;
            }
        } catch (RuntimeException e) {
            failed = true;
            // What was written of the frame is whole events, but for the last.
            text.clear();
            format.error(text, HttpErrors.storeException(e));
        }
        send(channel.alloc().buffer(text.length()).writeBytes(text.array(), 0, text.length()), last, failed);
    }

    private void send(ByteBuf bytes, boolean last, boolean failed) {
        try {
            channel.eventLoop().execute(() -> {
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
        } catch (RejectedExecutionException stopping) {
            bytes.release();
            stream.close();
        }
    }

    private void finish(boolean well) {
        done = true;
        stream.close();
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener((ChannelFutureListener) written -> {
            cancelStalled();
            ended.accept(well && written.isSuccess());
        });
        if (stalled == null) {
            stalled = channel.eventLoop().schedule(() -> channel.close(), stall.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void write(ByteBuf bytes) {
        if (bytes.isReadable()) {
            channel.writeAndFlush(new DefaultHttpContent(bytes));
        } else {
            bytes.release();
        }
    }

    private void cancelStalled() {
        if (stalled != null) {
            stalled.cancel(false);
            stalled = null;
        }
    }
}
