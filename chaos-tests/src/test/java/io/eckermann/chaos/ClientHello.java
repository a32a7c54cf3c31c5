package io.eckermann.chaos;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/**
 * The first message of a TLS client, written by hand, and what a server makes of it. The JVM's own client does not offer
 * what is old or weak, whatever it is told to.
 */
final class ClientHello {
    static final int TLS_1_0 = 0x0301;
    static final int TLS_1_1 = 0x0302;
    static final int TLS_1_2 = 0x0303;

    /** ECDHE with AES-GCM, for certificates with keys of either kind. */
    static final int[] MODERN = {0xC02B, 0xC02F};

    /** RSA or ECDHE with AES-CBC and SHA-1, RSA with AES-GCM, 3DES, RC4, export, no encryption, no certificate. */
    static final int[] WEAK = {0x002F, 0x0035, 0xC009, 0xC013, 0x009C, 0x000A, 0x0005, 0x0003, 0x0002, 0x0034};

    static final String ACCEPTED = "accepted";
    static final String HANDSHAKE_FAILURE = "alert 40";
    static final String PROTOCOL_VERSION = "alert 70";

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int PATIENCE_MS = 30_000;

    private ClientHello() {}

    /** Offers this version as the newest one, with these suites; ACCEPTED, or the alert that it is answered with. */
    static String answered(int port, int version, int... suites) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(record(version, suites));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int type = in.readUnsignedByte();
            in.readUnsignedShort();
            byte[] body = new byte[in.readUnsignedShort()];
            in.readFully(body);
            if (type == ALERT) {
                return "alert " + body[1];
            }
            return type == HANDSHAKE && body[0] == SERVER_HELLO ? ACCEPTED : "a record of type " + type;
        } catch (EOFException | SocketException e) {
            return "closed";
        }
    }

    private static byte[] record(int version, int[] suites) throws IOException {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(hello);
        out.writeShort(version);
        out.write(new byte[32]);
        out.writeByte(0);
        out.write(list(suites));
        out.write(new byte[] {1, 0});
        byte[] extensions = extensions();
        out.writeShort(extensions.length);
        out.write(extensions);

        ByteArrayOutputStream record = new ByteArrayOutputStream();
        DataOutputStream framed = new DataOutputStream(record);
        framed.writeByte(HANDSHAKE);
        framed.writeShort(TLS_1_0);
        framed.writeShort(hello.size() + 4);
        framed.writeInt((1 << 24) | hello.size());
        hello.writeTo(framed);
        return record.toByteArray();
    }

    private static byte[] extensions() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        int supportedGroups = 10;
        extension(out, supportedGroups, list(23, 24));
        int pointFormats = 11;
        extension(out, pointFormats, new byte[] {1, 0});
        int signatureAlgorithms = 13;
        extension(out, signatureAlgorithms, list(0x0403, 0x0804, 0x0401, 0x0203, 0x0201));
        int protocols = 16;
        extension(out, protocols, "\0\14\2h2\10http/1.1".getBytes(StandardCharsets.ISO_8859_1));
        int extendedMasterSecret = 23;
        extension(out, extendedMasterSecret, new byte[0]);
        int renegotiation = 0xFF01;
        extension(out, renegotiation, new byte[] {0});
        return bytes.toByteArray();
    }

    private static void extension(DataOutputStream out, int type, byte[] content) throws IOException {
        out.writeShort(type);
        out.writeShort(content.length);
        out.write(content);
    }

    /** Numbers of two bytes each, after their length. */
    private static byte[] list(int... numbers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(2 * numbers.length);
        for (int number : numbers) {
            out.writeShort(number);
        }
        return bytes.toByteArray();
    }
}
