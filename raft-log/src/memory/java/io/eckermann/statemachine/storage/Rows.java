package io.eckermann.statemachine.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The rows of all families in memory. Values are never changed. Not safe for several threads. */
final class Rows {
    private final Map<Family, NavigableMap<byte[], byte[]>> families = new EnumMap<>(Family.class);

    Rows() {
        for (Family family : Family.values()) {
            families.put(family, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    NavigableMap<byte[], byte[]> of(Family family) {
        return families.get(family);
    }

    Rows copy() {
        Rows copy = new Rows();
        families.forEach((family, rows) -> copy.of(family).putAll(rows));
        return copy;
    }

    /** As they are now, whatever comes later. */
    List<Map.Entry<byte[], byte[]>> rising(Family family, byte[] from, byte[] to) {
        return Arrays.compareUnsigned(from, to) < 0 ? entries(of(family).subMap(from, true, to, false)) : List.of();
    }

    List<Map.Entry<byte[], byte[]>> falling(Family family, byte[] from, byte[] to) {
        return Arrays.compareUnsigned(to, from) <= 0
                ? entries(of(family).subMap(to, true, from, true).descendingMap())
                : List.of();
    }

    private static List<Map.Entry<byte[], byte[]>> entries(NavigableMap<byte[], byte[]> rows) {
        List<Map.Entry<byte[], byte[]>> entries = new ArrayList<>(rows.size());
        rows.forEach((key, value) -> entries.add(Map.entry(key, value)));
        return entries;
    }

    static void show(Iterable<Map.Entry<byte[], byte[]>> rows, RowReader.RowVisitor visitor) {
        for (Map.Entry<byte[], byte[]> row : rows) {
            if (!visitor.row(row.getKey(), row.getValue())) {
                return;
            }
        }
    }

    byte[] encode() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Family family : Family.values()) {
            out.writeInt(of(family).size());
            for (Map.Entry<byte[], byte[]> row : of(family).entrySet()) {
                write(out, row.getKey());
                write(out, row.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static Rows decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        Rows rows = new Rows();
        for (Family family : Family.values()) {
            for (int count = in.readInt(); count > 0; count--) {
                byte[] key = in.readNBytes(in.readInt());
                rows.of(family).put(key, in.readNBytes(in.readInt()));
            }
        }
        return rows;
    }
}
