package io.eckermann.bench.system;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/** Reads stored chunks as they are, as a copier or a columnar reader would: their CRC is checked, nothing is decoded. */
final class EckermannChunks {
    private static final int WINDOW_BYTES = 8 << 20;
    private static final int FRAME_BYTES_MAX = 64 << 20;

    private EckermannChunks() {}

    static void read(List<String> grpc, String topic, long events, EventSink sink) throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forTarget(grpc.get(0))
                .usePlaintext()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(FRAME_BYTES_MAX)
                .build();
        try {
            Iterator<ReadFrame> frames = LogGrpc.newBlockingStub(channel)
                    .read(ReadRequest.newBuilder()
                            .setTopic(topic)
                            .setFormat(ReadRequest.Format.CHUNKS)
                            .build());
            long read = 0;
            while (read < events && frames.hasNext()) {
                ReadFrame frame = frames.next();
                if (frame.hasChunk()) {
                    read += frame.getChunk().getTake();
                    sink.accept(
                            frame.getChunk().getTake(), checked(frame.getChunk().getChunk()));
                }
            }
            if (read < events) {
                throw new IllegalStateException(topic + " ended after " + read + " of " + events + " events.");
            }
        } finally {
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private static ByteBuffer checked(Chunk chunk) {
        ByteBuffer body = chunk.getBody().asReadOnlyByteBuffer();
        CRC32C crc = new CRC32C();
        crc.update(body.duplicate());
        if ((int) crc.getValue() != chunk.getCrc32C()) {
            throw new IllegalStateException("The chunk at " + chunk.getFirstPosition() + " is damaged.");
        }
        return body;
    }
}
