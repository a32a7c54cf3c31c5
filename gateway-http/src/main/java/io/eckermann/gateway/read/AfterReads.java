package io.eckermann.gateway.read;

import java.util.concurrent.Executor;

/**
 * Does what follows a read at once where that read was done, and all else where it is told to. Reading is quicker than what
 * is made of it: handed on, what was read for a thousand readers would lie in memory until it is their turn.
 */
public record AfterReads(Executor otherwise) implements Executor {
    @Override
    public void execute(Runnable task) {
        if (Thread.currentThread() instanceof ReadThread) {
            task.run();
        } else {
            otherwise.execute(task);
        }
    }
}
