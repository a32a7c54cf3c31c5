package io.eckermann.client.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where the command line reads and writes. The start script knows whether the two outputs are terminals and says so in
 * system properties. Safe for use by several threads.
 */
final class Console {
    private static final int OUT_BUFFER = 64 << 10;
    private static final String CLEAR_LINE = "\r\u001B[K";

    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;
    private final boolean outIsTerminal;
    private final boolean errIsTerminal;
    private final boolean colour;
    private final int columns;

    /** Guarded by this. */
    private boolean progressShown;

    /** The reader of stdout is gone, as after {@code | head}: there is no one left to work for. */
    static final class OutputClosed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutputClosed() {
            super("stdout is closed", null, false, false);
        }
    }

    /** Colours and weights, used on terminals only. */
    enum Style {
        BOLD("1"),
        DIM("2"),
        RED("31"),
        GREEN("32"),
        YELLOW("33");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    Console(InputStream in, OutputStream out, OutputStream err, List<String> terminals, Map<String, String> env) {
        this.in = in;
        this.out = new BufferedOutputStream(out, OUT_BUFFER);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
        this.outIsTerminal = terminals.contains("out");
        this.errIsTerminal = terminals.contains("err");
        String noColour = env.getOrDefault("NO_COLOR", "");
        this.colour = noColour.isEmpty() && !env.getOrDefault("TERM", "dumb").equals("dumb");
        this.columns = columns(System.getProperty("eckermann.columns", ""));
    }

    static Console system() {
        List<String> terminals =
                Arrays.asList(System.getProperty("eckermann.terminal", "").split(","));
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        return new Console(System.in, out, new FileOutputStream(FileDescriptor.err), terminals, System.getenv());
    }

    InputStream in() {
        return in;
    }

    boolean outIsTerminal() {
        return outIsTerminal;
    }

    boolean errIsTerminal() {
        return errIsTerminal;
    }

    /** Width of the terminal in characters. */
    int columns() {
        return columns;
    }

    /** Writes a line of data; call {@link #flush} when the reader should see it. */
    synchronized void line(String text) {
        hideProgress();
        bytes((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Writes bytes of data as they are. */
    synchronized void bytes(byte[] data) {
        try {
            out.write(data, 0, data.length);
        } catch (IOException e) {
            throw new OutputClosed();
        }
    }

    /** Hands all data to the reader. */
    synchronized void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new OutputClosed();
        }
    }

    /** Writes a line that is not data. */
    synchronized void note(String text) {
        hideProgress();
        err.print(text + "\n");
        err.flush();
    }

    /** Shows a passing line on a terminal, in the place of the one before; elsewhere nothing. */
    synchronized void progress(String text) {
        if (errIsTerminal) {
            String fitting = text.length() < columns ? text : text.substring(0, columns - 1);
            err.print(CLEAR_LINE + fitting);
            err.flush();
            progressShown = true;
        }
    }

    /** Removes the passing line. */
    synchronized void progressDone() {
        hideProgress();
    }

    /** The text styled for stdout, when that is a terminal that may show it. */
    String styled(Style style, String text) {
        return outIsTerminal && colour ? "\u001B[" + style.code + "m" + text + "\u001B[0m" : text;
    }

    /** The text styled for stderr. */
    String styledNote(Style style, String text) {
        return errIsTerminal && colour ? "\u001B[" + style.code + "m" + text + "\u001B[0m" : text;
    }

    private void hideProgress() {
        if (progressShown) {
            err.print(CLEAR_LINE);
            err.flush();
            progressShown = false;
        }
    }

    private static int columns(String text) {
        int columns = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        return columns < 40 ? 80 : columns;
    }
}
