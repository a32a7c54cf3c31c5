package io.eckermann.gateway.read;

/** One of the few threads that read the store. */
public final class ReadThread extends Thread {
    public ReadThread(Runnable task, String name) {
        super(task, name);
    }
}
