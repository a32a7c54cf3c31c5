package io.eckermann.client.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of all clients of this process: daemons, named, there while a client is open. Shared, because a process may
 * have very many clients, each of which is idle most of the time. Callbacks may block: there are as many workers as are
 * busy.
 */
final class Threads {
    private static final Object LOCK = new Object();
    // Both guarded by LOCK.
    private static @Nullable Threads shared;
    private static int users;

    private final EventLoopGroup io =
            new MultiThreadIoEventLoopGroup(ioThreads(), named("eckermann-io"), NioIoHandler.newFactory());
    final ExecutorService workers = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), named("eckermann-worker"));
    final ScheduledExecutorService timer;

    private Threads() {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, named("eckermann-timer"));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer = scheduler;
    }

    /** To be {@linkplain #release released} once. */
    static Threads acquire() {
        synchronized (LOCK) {
            Threads threads = shared;
            if (threads == null) {
                threads = new Threads();
                shared = threads;
            }
            users++;
            return threads;
        }
    }

    /** One user less; the last one ends the threads. */
    void release() {
        synchronized (LOCK) {
            users--;
            if (users > 0) {
                return;
            }
            shared = null;
        }
        timer.shutdownNow();
        io.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        workers.shutdown();
    }

    EventLoopGroup io() {
        return io;
    }

    /** Runs the task here when this is a thread of the transport, else on a worker. */
    void onTransport(Runnable task) {
        for (EventExecutor loop : io) {
            if (loop.inEventLoop()) {
                task.run();
                return;
            }
        }
        workers.execute(task);
    }

    /** Few: a loop carries many connections, and the cores are the application's. */
    private static int ioThreads() {
        return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
