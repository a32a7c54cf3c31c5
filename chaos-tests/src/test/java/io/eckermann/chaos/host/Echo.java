package io.eckermann.chaos.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A program that answers every byte with itself, or one that asks so; it ends with its standard input. */
final class Echo {
    private static final int MOMENT_MS = 400;
    private static final int PATIENCE_MS = 20_000;

    private Echo() {}

    public static void main(String[] words) throws Exception {
        InetAddress address = InetAddress.getByName(words[1]);
        int port = Integer.parseInt(words[2]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (words[0].equals("answer")) {
            answer(new ServerSocket(port, 5, address));
            say("listening");
            while (in.readLine() != null) {}
        } else {
            in.readLine();
            ask(new Socket(address, port), in);
        }
        System.exit(0);
    }

    private static void answer(ServerSocket server) {
        daemon(() -> {
            while (true) {
                Socket caller = server.accept();
                daemon(() -> caller.getInputStream().transferTo(caller.getOutputStream()));
            }
        });
    }

    /** Asks and waits, or tries for a moment, or waits for an answer that was outstanding: as each line says. */
    private static void ask(Socket server, BufferedReader in) throws IOException {
        say("connected");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (!line.equals("wait")) {
                server.getOutputStream().write(7);
            }
            server.setSoTimeout(line.equals("try") ? MOMENT_MS : PATIENCE_MS);
            try {
                say(server.getInputStream().read() == 7 ? "answered" : "cut off");
            } catch (SocketTimeoutException e) {
                say("silence");
            }
        }
    }

    private static void say(String word) {
        System.out.println(word);
    }

    private interface Talk {
        void go() throws IOException;
    }

    private static void daemon(Talk talk) {
        Thread thread = new Thread(() -> {
            try {
                talk.go();
            } catch (IOException e) {
                // The other side has ended.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
