package io.eckermann.protocol;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.v1.Encoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/**
 * Bodies compressed and back: one body is one compressed block that says how large its content is. Safe from any thread.
 *
 * <p>Content that is larger than {@link Limits#APPEND_BYTES_MAX} is neither made nor read, so a few bytes from a stranger
 * never become many.
 */
public final class BodyCompression {
    /** Beyond level 1 Zstandard costs more time than it saves bytes: the next stop is a disk, not an archive. */
    private static final int ZSTD_LEVEL = 1;

    private static final int LZ4_HEADER_BYTES = Integer.BYTES;
    /** A byte of an LZ4 block stands for at most 255. */
    private static final int LZ4_RATIO_MAX = 255;

    // Making a context costs more than compressing a small body, so they are used again; the pools bound their memory.
    private static final Pool<ZstdCompressCtx> COMPRESS =
            new Pool<>(() -> new ZstdCompressCtx().setLevel(ZSTD_LEVEL), ZstdCompressCtx::close);
    private static final Pool<ZstdDecompressCtx> DECOMPRESS =
            new Pool<>(ZstdDecompressCtx::new, ZstdDecompressCtx::close);

    private BodyCompression() {}

    /**
     * Compresses a PLAIN body.
     *
     * @param encoding how; PLAIN gives the body back
     * @throws IllegalArgumentException when the body is empty or larger than {@link Limits#APPEND_BYTES_MAX}
     */
    public static ByteString compress(Encoding encoding, ByteString plain) {
        if (encoding == Encoding.PLAIN) {
            return plain;
        }
        if (plain.isEmpty() || plain.size() > Limits.APPEND_BYTES_MAX) {
            throw new IllegalArgumentException("A body of " + plain.size() + " bytes cannot be compressed.");
        }
        BytesInPlace.Span source = BytesInPlace.whole(plain);
        return switch (encoding) {
            case ZSTD -> zstd(source);
            case LZ4 -> lz4(source);
            default -> throw new IllegalArgumentException("There is no way to compress as " + encoding + ".");
        };
    }

    /**
     * How large the body is as PLAIN, by what it says: reads its first bytes only.
     *
     * @return at least 1; more than {@link Limits#APPEND_BYTES_MAX} for one that {@link #decompress} refuses
     * @throws StoreException DATA_CORRUPT when it does not say so
     */
    public static long plainSize(Encoding encoding, ByteString body) {
        return encoding == Encoding.PLAIN ? body.size() : plainSize(encoding, BytesInPlace.whole(body));
    }

    /**
     * The body as PLAIN.
     *
     * @throws StoreException DATA_CORRUPT when it is not what its encoding says, or larger than
     *     {@link Limits#APPEND_BYTES_MAX}
     */
    public static ByteString decompress(Encoding encoding, ByteString body) {
        if (encoding == Encoding.PLAIN) {
            return body;
        }
        BytesInPlace.Span source = BytesInPlace.whole(body);
        long size = plainSize(encoding, source);
        if (size > Limits.APPEND_BYTES_MAX) {
            throw corrupt(null).with("bytes", size).with("bytes_max", Limits.APPEND_BYTES_MAX);
        }
        byte[] plain = new byte[(int) size];
        int written = encoding == Encoding.ZSTD ? unzstd(source, plain) : unlz4(source, plain);
        if (written != plain.length) {
            throw corrupt(null).with("says", plain.length).with("holds", written);
        }
        return UnsafeByteOperations.unsafeWrap(plain);
    }

    /** Whether bodies of this encoding can be made and read here: Zstandard needs machine code, which must be loaded. */
    public static boolean available(Encoding encoding) {
        return encoding == Encoding.ZSTD ? ZstdCode.LOADED : encoding != Encoding.UNRECOGNIZED;
    }

    private static long plainSize(Encoding encoding, BytesInPlace.Span body) {
        return switch (encoding) {
            case PLAIN -> body.length;
            case ZSTD -> zstdPlainSize(body);
            case LZ4 -> lz4PlainSize(body);
            case UNRECOGNIZED ->
                throw new StoreException(ErrorCode.DATA_CORRUPT, "This version cannot read a chunk of this encoding.")
                        .with("encoding", encoding);
        };
    }

    private static ByteString zstd(BytesInPlace.Span source) {
        requireZstd();
        byte[] target = new byte[(int) Zstd.compressBound(source.length)];
        int length = COMPRESS.with(context ->
                context.compressByteArray(target, 0, target.length, source.array, source.begin, source.length));
        return ByteString.copyFrom(target, 0, length);
    }

    private static long zstdPlainSize(BytesInPlace.Span body) {
        requireZstd();
        long size = body.length == 0 ? 0 : Zstd.getFrameContentSize(body.array, body.begin, body.length);
        if (size < 1) {
            throw corrupt(null);
        }
        return size;
    }

    private static int unzstd(BytesInPlace.Span source, byte[] plain) {
        try {
            // More frames behind the first would be read as if they were one with it.
            if (Zstd.findFrameCompressedSize(source.array, source.begin, source.length) != source.length) {
                throw corrupt(null);
            }
            return DECOMPRESS.with(context ->
                    context.decompressByteArray(plain, 0, plain.length, source.array, source.begin, source.length));
        } catch (ZstdException e) {
            throw corrupt(e);
        }
    }

    private static ByteString lz4(BytesInPlace.Span source) {
        LZ4Compressor compressor = Lz4.COMPRESSOR;
        int bound = compressor.maxCompressedLength(source.length);
        byte[] target = new byte[LZ4_HEADER_BYTES + bound];
        ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN).putInt(source.length);
        int length = compressor.compress(source.array, source.begin, source.length, target, LZ4_HEADER_BYTES, bound);
        return ByteString.copyFrom(target, 0, LZ4_HEADER_BYTES + length);
    }

    private static long lz4PlainSize(BytesInPlace.Span body) {
        if (body.length <= LZ4_HEADER_BYTES) {
            throw corrupt(null);
        }
        ByteBuffer header =
                ByteBuffer.wrap(body.array, body.begin, LZ4_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long size = Integer.toUnsignedLong(header.getInt());
        if (size < 1 || size > (long) LZ4_RATIO_MAX * (body.length - LZ4_HEADER_BYTES)) {
            throw corrupt(null);
        }
        return size;
    }

    private static int unlz4(BytesInPlace.Span source, byte[] plain) {
        try {
            return Lz4.DECOMPRESSOR.decompress(
                    source.array,
                    source.begin + LZ4_HEADER_BYTES,
                    source.length - LZ4_HEADER_BYTES,
                    plain,
                    0,
                    plain.length);
        } catch (LZ4Exception e) {
            throw corrupt(e);
        }
    }

    private static StoreException corrupt(@Nullable Throwable cause) {
        return new StoreException(
                ErrorCode.DATA_CORRUPT, "A chunk's body is not one compressed block of its encoding.", cause);
    }

    private static void requireZstd() {
        if (!ZstdCode.LOADED) {
            throw new StoreException(
                    ErrorCode.INTERNAL,
                    "Zstandard's machine code cannot be loaded here: let java.io.tmpdir be a directory that this"
                            + " process may write to and run code from.");
        }
    }

    /** Loaded when first needed. */
    private static final class ZstdCode {
        static final boolean LOADED = load();

        private static boolean load() {
            try {
                Native.load();
            } catch (LinkageError e) {
                return false;
            }
            return Native.isLoaded();
        }
    }

    /** Machine code where there is some, otherwise Java that checks every access; loaded when first needed. */
    private static final class Lz4 {
        static final LZ4Factory FACTORY = factory();
        static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
        static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

        private static LZ4Factory factory() {
            try {
                return LZ4Factory.nativeInstance();
            } catch (RuntimeException | LinkageError e) {
                return LZ4Factory.safeInstance();
            }
        }
    }

    /** Contexts not in use. */
    private static final class Pool<C> {
        private static final int KEPT_MAX = 16;

        private final ArrayBlockingQueue<C> free = new ArrayBlockingQueue<>(KEPT_MAX);
        private final Supplier<C> make;
        private final Consumer<C> close;

        Pool(Supplier<C> make, Consumer<C> close) {
            this.make = make;
            this.close = close;
        }

        int with(ToIntFunction<C> use) {
            C context = free.poll();
            if (context == null) {
                context = make.get();
            }
            boolean sound = false;
            try {
                int result = use.applyAsInt(context);
                sound = true;
                return result;
            } finally {
                // Its memory is not the collector's, so it must be closed.
                if (!sound || !free.offer(context)) {
                    close.accept(context);
                }
            }
        }
    }
}
