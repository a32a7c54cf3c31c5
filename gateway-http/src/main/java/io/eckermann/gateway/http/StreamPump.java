package io.eckermann.gateway.http;

import io.eckermann.gateway.read.ReadStream;
import io.eckermann.protocol.v1.ReadFrame;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
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
        this.work = work;
        this.stall = stall;
        this.ended = ended;
    }

    void start() {
        write(format.opening());
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
        byte[] bytes;
        boolean last;
        boolean failed = false;
        try {
            if (failure != null) {
                throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
            }
            last = frame.isEmpty();
            bytes = last ? new byte[0] : format.frame(frame.orElseThrow());
        } catch (RuntimeException e) {
            last = true;
            failed = true;
            bytes = format.error(HttpErrors.storeException(e));
        }
        send(bytes, last, failed);
    }

    private void send(byte[] bytes, boolean last, boolean failed) {
        try {
            channel.eventLoop().execute(() -> {
                pulling = false;
                if (done) {
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

    private void write(byte[] bytes) {
        if (bytes.length > 0) {
            channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
        }
    }

    private void cancelStalled() {
        if (stalled != null) {
            stalled.cancel(false);
            stalled = null;
        }
    }
}
