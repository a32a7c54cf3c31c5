package io.eckermann.gateway.http;

import io.eckermann.gateway.access.Guard;
import io.eckermann.gateway.metrics.NodeMetrics;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.protocol.Limits;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP door of a node. Started and closed once, by one thread; owns its threads: event loops that only move bytes,
 * and work threads that parse, ask the use cases and encode.
 */
public final class HttpDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());
    private static final int REQUEST_LINE_BYTES_MAX = 8 << 10;
    private static final int HEADER_BYTES_MAX = 32 << 10;
    private static final int READ_BYTES_MAX = 64 << 10;
    /** What a slow client may leave unsent before its stream is no longer pulled. */
    private static final WriteBufferWaterMark UNSENT_BYTES = new WriteBufferWaterMark(256 << 10, 512 << 10);

    private static final int OUTGOING_BYTES_MAX = 16 << 20;
    private static final long BODIES_BYTES_MAX = 16L * Limits.HTTP_BODY_BYTES_MAX;

    private final HttpDoorConfig config;
    private final ExecutorService work =
            Executors.newFixedThreadPool(THREADS, new DefaultThreadFactory("http-work", true));
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final BodyBudget budget = new BodyBudget(BODIES_BYTES_MAX);
    private final Outgoing outgoing = new Outgoing(OUTGOING_BYTES_MAX);
    private final Dispatcher dispatcher;
    private final boolean guarded;
    private @Nullable EventLoopGroup loops;
    private @Nullable SslContext encryption;
    private @Nullable Channel listening;

    /** A door that counts for itself. */
    public HttpDoor(HttpDoorConfig config, UseCases useCases) {
        this(config, useCases, new NodeMetrics(), Runnable::run, null);
    }

    /**
     * Opens nothing yet.
     *
     * @param reads where metrics are asked for, as that may touch the disk; may refuse
     * @param guard null: everybody may do everything
     */
    public HttpDoor(
            HttpDoorConfig config, UseCases useCases, NodeMetrics metrics, Executor reads, @Nullable Guard guard) {
        this.config = config;
        this.guarded = guard != null;
        Router router = routes(config, useCases, work, new MetricsRoute(metrics, reads));
        this.dispatcher = new Dispatcher(
                router,
                useCases.cluster(),
                new CrossOrigin(config.allowedOrigins()),
                metrics.requests(),
                guard == null ? null : new HttpGuard(guard, new HttpDemands(config.dcbTopic())),
                config.tls() != null);
    }

    /** All there are by this configuration. */
    static Router routes(HttpDoorConfig config, UseCases useCases, Executor work, MetricsRoute metrics) {
        Router router = new Router();
        metrics.register(router);
        new NodeRoute(useCases, config.request()).register(router);
        new TopicRoute(useCases, config.request()).register(router);
        new AppendRoute(useCases, config.request()).register(router);
        new AppendManyRoute(useCases, config.request()).register(router);
        new ReadRoute(useCases, work, config.request()).register(router);
        new CursorRoute(useCases, config.request()).register(router);
        new TimelineRoute(useCases, config.request()).register(router);
        new GroupRoute(useCases.groups(), config.request()).register(router);
        new WebhookRoute(useCases.webhooks(), useCases.groups(), config.request()).register(router);
        new SchemaRoute(useCases, config.request()).register(router);
        new AccessRoute(useCases.access(), config.request()).register(router);
        if (!config.dcbTopic().isEmpty()) {
            new DcbRoute(config.dcbTopic(), useCases, work, config.request()).register(router);
        }
        return router;
    }

    /** @param names whether certificates may name callers */
    private static SslContext encryption(NodeTls tls, boolean names) throws IOException {
        ClientAuth optional = names ? ClientAuth.OPTIONAL : ClientAuth.NONE;
        ClientAuth asks = tls.clientsShowCertificates() ? ClientAuth.REQUIRE : optional;
        return SslContextBuilder.forServer(tls.keys())
                .trustManager(tls.trust())
                .clientAuth(asks)
                .protocols(NodeTls.PROTOCOLS)
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .build();
    }

    /**
     * Listens.
     *
     * @throws IOException when it cannot, e.g. because the port is in use; the door is closed then
     */
    public void start() throws IOException {
        encryption = config.tls() == null ? null : encryption(config.tls(), guarded);
        loops = new MultiThreadIoEventLoopGroup(
                THREADS, new DefaultThreadFactory("http-loop", true), NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT_BYTES)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connect(channel);
                    }
                })
                .bind(config.host(), config.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new IOException(
                    "The HTTP door cannot listen on " + config.host() + ":" + config.port() + " ("
                            + bound.cause().getMessage() + "): free the port, or configure another one.",
                    bound.cause());
        }
        listening = bound.channel();
        LOG.info("The HTTP door listens on {}:{}", config.host(), port());
    }

    /** The port it listens on. */
    public int port() {
        if (listening == null) {
            throw new IllegalStateException("The door is not open.");
        }
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Takes no more connections, lets requests under way finish, ends streams; returns when all is closed. */
    @Override
    public void close() {
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
        for (Channel channel : connections) {
            channel.eventLoop().execute(() -> {
                HttpConnection connection = channel.pipeline().get(HttpConnection.class);
                if (connection != null) {
                    connection.stop(channel);
                }
            });
        }
        if (!connections.newCloseFuture().awaitUninterruptibly(config.stop().toMillis())) {
            LOG.warn("{} HTTP connections did not end in time and are cut", connections.size());
            connections.close().awaitUninterruptibly(1_000);
        }
        if (loops != null) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
        }
        work.shutdownNow();
    }

    private void connect(SocketChannel channel) {
        if (connections.size() >= config.connectionsMax()) {
            channel.unsafe().closeForcibly();
            return;
        }
        if (encryption != null) {
            channel.pipeline().addLast(encryption.newHandler(channel.alloc()));
        }
        channel.pipeline()
                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
                        .setMaxHeaderSize(HEADER_BYTES_MAX)
                        .setMaxChunkSize(READ_BYTES_MAX)))
                .addLast(new HttpConnection(dispatcher, work, config, budget, outgoing));
        connections.add(channel);
    }
}
