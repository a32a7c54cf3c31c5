package io.eckermann.gateway.http;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.access.CallerConnection;
import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.calls.RequestId;
import io.eckermann.gateway.read.AfterReads;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: collects a request, has it answered, writes the answer, and so on until it closes. One
 * request is under way at a time; what a client sends beyond it waits. Runs on the channel's event loop.
 */
// What Netty's futures tell, the channel's own events tell as well: a failed write or close ends in channelInactive.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private final Dispatcher dispatcher;
    private final Executor work;
    private final HttpDoorConfig config;
    private final BodyBudget budget;
    private final Outgoing outgoing;
    private final CallerConnection callers = new CallerConnection();
    /** Messages of later requests, at most what one read brought. */
    private final ArrayDeque<HttpObject> later = new ArrayDeque<>();

    private @Nullable IncomingBody incoming;
    private @Nullable Caller caller;
    private @Nullable StreamPump pump;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean answering;
    /** Nothing more is answered; what still comes is thrown away until the client has read its answer and closes. */
    private boolean discarding;

    private boolean stopping;

    HttpConnection(Dispatcher dispatcher, Executor work, HttpDoorConfig config, BodyBudget budget, Outgoing outgoing) {
        super(false);
        this.dispatcher = dispatcher;
        this.work = work;
        this.config = config;
        this.budget = budget;
        this.outgoing = outgoing;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        closeUnlessWithin(ctx.channel(), config.idle());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (discarding) {
            ReferenceCountUtil.release(message);
        } else if (answering) {
            later.add(message);
            ctx.channel().config().setAutoRead(false);
        } else {
            take(ctx.channel(), message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (pump != null) {
            pump.writabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        callers.ended();
        cancelDeadline();
        discarding = true;
        later.forEach(ReferenceCountUtil::release);
        later.clear();
        if (pump != null) {
            pump.abandon();
        }
        if (caller != null) {
            caller.gone().complete(null);
        }
        if (!answering) {
            releaseBody();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("A connection of {} failed", ctx.channel().remoteAddress(), cause);
        ctx.close();
    }

    /** Finishes what is under way, then closes; ends a stream. */
    void stop(Channel channel) {
        stopping = true;
        if (pump != null) {
            pump.stop();
        } else if (!answering) {
            channel.close();
        } else if (caller != null) {
            caller.hurried().complete(null);
        }
    }

    private void take(Channel channel, HttpObject message) {
        try {
            if (message.decoderResult().isFailure()) {
                Throwable cause = message.decoderResult().cause();
                refuse(channel, malformed(cause), status(cause));
                return;
            }
            if (message instanceof HttpRequest head) {
                begin(channel, head);
            }
            if (message instanceof HttpContent part && incoming != null) {
                incoming.add(part.content());
                if (message instanceof LastHttpContent) {
                    dispatch(channel, incoming);
                }
            }
        } catch (StoreException e) {
            refuse(channel, e, e.code().httpStatus());
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(Channel channel, HttpRequest head) {
        incoming = new IncomingBody(head, budget);
        closeUnlessWithin(channel, config.receive());
        if (HttpUtil.getContentLength(head, 0L) > Limits.HTTP_BODY_BYTES_MAX) {
            throw IncomingBody.tooLarge();
        }
        if (HttpUtil.is100ContinueExpected(head)) {
            channel.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        } else if (head.headers().contains(HttpHeaderNames.EXPECT)) {
            throw HttpErrors.bad("Expect", "may only be 100-continue");
        }
    }

    private void dispatch(Channel channel, IncomingBody request) {
        cancelDeadline();
        answering = true;
        Caller waiting = Callers.of(channel, request.head(), callers);
        caller = waiting;
        ByteString body = request.bytes();
        try {
            work.execute(() -> dispatcher
                    .dispatch(request.head(), body, waiting)
                    .whenComplete((answer, never) -> {
                        try {
                            channel.eventLoop().execute(() -> answer(channel, request.head(), answer));
                        } catch (RejectedExecutionException stopped) {
                            waiting.gone().complete(null);
                        }
                    }));
        } catch (RejectedExecutionException stopped) {
            channel.close();
        }
    }

    private void answer(Channel channel, HttpRequest head, Answer answer) {
        releaseBody();
        if (!channel.isActive()) {
            if (answer instanceof Answer.Flow flow) {
                flow.stream().close();
            }
            return;
        }
        boolean keepAlive = HttpUtil.isKeepAlive(head) && !answer.last() && !stopping;
        if (answer instanceof Answer.Flow flow) {
            stream(channel, head, flow, keepAlive);
        } else {
            Answer.Whole whole = (Answer.Whole) answer;
            write(channel, whole, keepAlive, () -> finished(channel, keepAlive));
        }
    }

    private void write(Channel channel, Answer.Whole answer, boolean keepAlive, Runnable written) {
        HttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body().asReadOnlyByteBuffer()));
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        if (answer.status() != 204) {
            HttpUtil.setContentLength(response, answer.body().size());
        }
        setConnection(response, keepAlive);
        closeUnlessWithin(channel, config.stall());
        channel.writeAndFlush(response).addListener((ChannelFutureListener) done -> {
            if (done.isSuccess()) {
                written.run();
            } else {
                channel.close();
            }
        });
    }

    private void stream(Channel channel, HttpRequest head, Answer.Flow flow, boolean keepAlive) {
        boolean chunked = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
        boolean stays = keepAlive && chunked;
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(flow.status()));
        flow.headers().forEach((name, value) -> response.headers().set(name, value));
        HttpUtil.setTransferEncodingChunked(response, chunked);
        setConnection(response, stays);
        channel.write(response);
        if (head.method().equals(HttpMethod.HEAD)) {
            flow.stream().close();
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                    .addListener((ChannelFutureListener) done -> finished(channel, stays));
            return;
        }
        Correlation call = caller == null ? Correlation.NONE : caller.call();
        pump = new StreamPump(
                channel,
                flow,
                new AfterReads(work),
                outgoing,
                config.stall(),
                call,
                well -> finished(channel, stays && well && !stopping));
        pump.start();
        if (stopping) {
            pump.stop();
        }
    }

    private void finished(Channel channel, boolean keepAlive) {
        pump = null;
        caller = null;
        incoming = null;
        answering = false;
        if (!keepAlive || stopping) {
            lingerThenClose(channel);
            return;
        }
        closeUnlessWithin(channel, config.idle());
        while (!answering && !discarding && !later.isEmpty()) {
            take(channel, later.remove());
        }
        if (later.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }

    /** Answers a request that will not be read to its end. */
    private void refuse(Channel channel, StoreException why, int status) {
        Correlation call = Callers.correlation(incoming == null ? null : incoming.head());
        Answer.Whole answer = call.asked(() -> HttpErrors.answer(why, status));
        discarding = true;
        releaseBody();
        write(
                channel,
                answer.with(RequestId.HEADER, call.requestId()).closing(),
                false,
                () -> lingerThenClose(channel));
    }

    /**
     * Closing while bytes of the client are unread would reset the connection, and the answer could get lost on its way:
     * so this side ends first, and the rest is thrown away for a moment.
     */
    private void lingerThenClose(Channel channel) {
        discarding = true;
        later.forEach(ReferenceCountUtil::release);
        later.clear();
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
            channel.config().setAutoRead(true);
            closeUnlessWithin(channel, Duration.ofSeconds(2));
        } else {
            channel.close();
        }
    }

    private static StoreException malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new StoreException(ErrorCode.BAD_REQUEST, "The request line is too long: shorten the address.");
        }
        if (cause instanceof TooLongFrameException) {
            return new StoreException(ErrorCode.BAD_REQUEST, "The headers are too large: send fewer or shorter ones.");
        }
        return new StoreException(ErrorCode.BAD_REQUEST, "This is not an HTTP/1.1 request.");
    }

    private static int status(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return 414;
        }
        return cause instanceof TooLongFrameException ? 431 : 400;
    }

    private static void setConnection(HttpResponse response, boolean keepAlive) {
        response.headers().set(HttpHeaderNames.CONNECTION, keepAlive ? "keep-alive" : "close");
    }

    private void releaseBody() {
        if (incoming != null) {
            incoming.release();
            incoming = null;
        }
    }

    private void closeUnlessWithin(Channel channel, Duration time) {
        cancelDeadline();
        deadline = channel.eventLoop().schedule(() -> channel.close(), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
