package io.eckermann.gateway.grpc;

import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.wire.SlicingMarshaller;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC server of a node: the services given, and beside them {@code grpc.health.v1.Health} and
 * {@code grpc.reflection.v1.ServerReflection}. Calls run on the transport's own threads, which order them and which no
 * service may block.
 */
public final class GrpcDoor implements AutoCloseable {
    private static final long LOOPS_END_SECONDS = 2;
    private static final Duration STOP_USUAL = Duration.ofSeconds(5);
    /** Clients may ping this often, also without a call, so that they soon see a node that is gone. */
    private static final Duration PINGS_ALLOWED_EVERY = Duration.ofSeconds(10);

    /** Until then it is no connection yet and does not count as one. */
    private static final Duration GREETING_MAX = Duration.ofSeconds(20);

    private static final Duration PING_EVERY = Duration.ofSeconds(30);
    /**
     * What a call may have sent before it was read: as much as the Java client has under way for one topic. Given and not
     * guessed, gRPC need not measure it with pings. Also what a call that is not read can make a node hold.
     */
    private static final int FLOW_WINDOW_BYTES = 2 << 20;
    /** Calls that were refused and that their caller has not ended; beyond these callers wait before they call. */
    private static final int REFUSED_MAX = 100;
    /**
     * In such a time a connection may cancel as many calls as it may have open. To begin one and cancel it costs a stranger
     * next to nothing (CVE-2023-44487), so who goes on with it is cut off.
     */
    private static final int CANCELLED_SECONDS = 10;

    /** An append's events, and room for the rest of its request; answers may be larger. */
    private static final int REQUEST_BYTES_MAX = Limits.APPEND_BYTES_MAX + (1 << 20);

    private final GrpcDoorConfig config;
    private final List<BindableService> services;
    private final HealthStatusManager health = new HealthStatusManager();
    private final EventLoopGroup accepting = loops("grpc-accept", 1);
    private final EventLoopGroup loops = loops("grpc-loop", loopThreads());
    private final Server server;

    /** @param services those that are AutoCloseable are closed when the door closes, to end their open streams */
    public GrpcDoor(GrpcDoorConfig config, List<BindableService> services) {
        this(config, services, List.of());
    }

    /** @param watchers see all calls, also those that are refused */
    public GrpcDoor(GrpcDoorConfig config, List<BindableService> services, List<ServerInterceptor> watchers) {
        this.config = config;
        this.services = List.copyOf(services);
        DoorLimits limits = new DoorLimits(config.connectionsMax(), config.callsMax());
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(config.host(), config.port()), credentials(config.tls()))
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(accepting)
                .workerEventLoopGroup(loops)
                .directExecutor()
                .flowControlWindow(FLOW_WINDOW_BYTES)
                .handshakeTimeout(GREETING_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .maxConcurrentCallsPerConnection(config.callsMax() + REFUSED_MAX)
                .maxRstFramesPerWindow(config.callsMax() + REFUSED_MAX, CANCELLED_SECONDS)
                .addTransportFilter(limits)
                .intercept(limits)
                .maxInboundMessageSize(REQUEST_BYTES_MAX)
                .permitKeepAliveTime(PINGS_ALLOWED_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance());
        watchers.forEach(builder::intercept);
        if (config.tls() != null) {
            builder.intercept(new PeersOnly(config.tls().names()));
        }
        builder.addStreamTracerFactory(new CutOff());
        services.forEach(service -> builder.addService(SlicingMarshaller.requests(service.bindService())));
        this.server = builder.build();
        for (ServerInterceptor watcher : watchers) {
            if (watcher instanceof AccessCalls access) {
                access.requireDemands(server.getServices());
            }
        }
        serving(false);
    }

    /** Other nodes show a certificate, and clients may or must. */
    private static ServerCredentials credentials(@Nullable NodeTls tls) {
        if (tls == null) {
            return InsecureServerCredentials.create();
        }
        SslContextBuilder encryption = SslContextBuilder.forServer(tls.keys())
                .trustManager(tls.trust())
                .clientAuth(tls.clientsShowCertificates() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        try {
            return NettySslContextServerCredentials.create(GrpcSslContexts.configure(encryption)
                    .protocols(NodeTls.PROTOCOLS)
                    .build());
        } catch (SSLException e) {
            throw new IllegalStateException("The gRPC door can't encrypt.", e);
        }
    }

    /**
     * Begins to take calls.
     *
     * @throws IOException with a message for the operator, when the port is in use for example
     */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException(message(e), e);
        }
    }

    private String message(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    && String.valueOf(cause.getMessage()).contains("in use")) {
                return "port " + config.port() + " on " + config.host()
                        + " is in use: stop the program that has it, or choose another gRPC port";
            }
        }
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return "cannot open the gRPC port " + config.port() + " on " + config.host() + ": " + cause.getMessage();
    }

    /** What the doors of this process have for what is on its way, outside the heap. */
    public static long buffersBytesMax() {
        return PlatformDependent.maxDirectMemory();
    }

    /** The port it listens on; after {@link #start}. */
    public int port() {
        return server.getPort();
    }

    /** What the health service says from now on, for the node and each of its services; false at first. */
    public void serving(boolean ready) {
        ServingStatus status = ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        for (BindableService service : services) {
            ServerServiceDefinition definition = service.bindService();
            health.setStatus(definition.getServiceDescriptor().getName(), status);
        }
    }

    /** Takes no more calls, ends open streams, and waits that long for the calls under way before it cuts them off. */
    public void stop(Duration grace) throws InterruptedException {
        health.enterTerminalState();
        server.shutdown();
        for (BindableService service : services) {
            if (service instanceof AutoCloseable open) {
                close(open);
            }
        }
        if (!server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            server.shutdownNow();
            server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
        }
        endLoops();
    }

    private void endLoops() {
        for (EventLoopGroup group : List.of(accepting, loops)) {
            group.shutdownGracefully(0, LOOPS_END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static EventLoopGroup loops(String name, int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    /** Enough that one caller's work does not hold up all others; the cores are Raft's as well. */
    private static int loopThreads() {
        return Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
    }

    private static void close(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            throw new IllegalStateException("A service could not be closed.", e);
        }
    }

    /** Stops it with the usual grace. */
    @Override
    public void close() {
        try {
            stop(STOP_USUAL);
        } catch (InterruptedException e) {
            server.shutdownNow();
            endLoops();
            Thread.currentThread().interrupt();
        }
    }
}
