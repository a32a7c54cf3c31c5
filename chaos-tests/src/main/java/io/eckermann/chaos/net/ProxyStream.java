package io.eckermann.chaos.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** One direction of a proxied connection. Runs on a thread of its own. */
final class ProxyStream {
    private static final int PIECE_BYTES = 16 << 10;

    private final ProxyNetwork network;
    private final Socket source;
    private final Socket target;
    private final int from;
    private final int to;

    ProxyStream(ProxyNetwork network, Socket source, Socket target, int from, int to) {
        this.network = network;
        this.source = source;
        this.target = target;
        this.from = from;
        this.to = to;
    }

    void run() {
        byte[] piece = new byte[PIECE_BYTES];
        try (InputStream in = source.getInputStream();
                OutputStream out = target.getOutputStream()) {
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                obeyTheLink(piece, length);
                out.write(piece, 0, length);
                network.carried.incrementAndGet();
            }
        } catch (IOException e) {
            // One of the two has gone; so goes the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    private void obeyTheLink(byte[] piece, int length) throws InterruptedException {
        Link link = network.linkBetween(from, to);
        if (link.isCut()) {
            network.heldBack.incrementAndGet();
        }
        synchronized (this) {
            while (network.linkBetween(from, to).isCut() && !source.isClosed()) {
                wait(TimeUnit.SECONDS.toMillis(1));
            }
        }
        double ms = link.delayMs() + (link.kbytesPerSecond() > 0 ? length / link.kbytesPerSecond() : 0);
        if (ms >= 1) {
            network.delayed.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep((long) ms);
        }
        if (link.corruptPercent() > 0 && network.carried.get() % 100 < link.corruptPercent()) {
            piece[length / 2] ^= 1;
            network.corrupted.incrementAndGet();
        }
    }

    synchronized void linkChanged() {
        notifyAll();
    }

    void close() {
        ProxyNetwork.closeQuietly(source);
        ProxyNetwork.closeQuietly(target);
        linkChanged();
    }
}
