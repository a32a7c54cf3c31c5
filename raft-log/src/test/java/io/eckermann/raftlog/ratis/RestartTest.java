package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.Await;
import io.eckermann.statemachine.command.AppendRun;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.TopicAppend;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.util.FileUtils;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class RestartTest {
    @TempDir
    Path directory;

    @Test
    void aNodeStartsOnATornTailAndKeepsAllThatWasAcknowledged() throws Exception {
        Path open;
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(1, 5);
            open = openSegment(log.logDirectory());
        }
        byte[] torn = new byte[100];
        torn[0] = 90;
        torn[1] = 8;
        try (FileChannel file = FileChannel.open(open, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(torn), file.size());
        }
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(6, 8);
            assertThat(TestCluster.payloads(log.state(), 1)).hasSize(8);
        }
    }

    @Test
    void aLoneNodeAnswersALinearizableReadOnlyOnceItHasAppliedItsLog() throws Exception {
        long acknowledged;
        Path crashed = directory.resolve("crashed");
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(1, 60);
            acknowledged = log.state().applied().index();
            // As after a crash before anything of the state became durable.
            Path raft = directory.resolve("raft");
            log.copyTo(crashed.resolve("raft").resolve(raft.relativize(log.logDirectory())));
        }
        try (WrittenLog log = new WrittenLog(crashed)) {
            Await.until("a linearizable read", () -> {
                try {
                    log.log().linearizable().get(30, TimeUnit.SECONDS);
                    return true;
                } catch (Exception e) {
                    return false;
                }
            });
            assertThat(log.state().applied().index()).isGreaterThanOrEqualTo(acknowledged);
        }
    }

    @Test
    void aVoteFileOfStockRatisIsRead() throws Exception {
        Path voteFile;
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(1, 1);
            voteFile = log.logDirectory().resolve("raft-meta");
            assertThat(voteFile).content().contains("term=1");
        }
        writeWithStockRatis(voteFile, "term=41\nvotedFor=n1\n");
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(2, 2);
            assertThat(log.log().leadership().term()).isEqualTo(42);
        }
    }

    @Test
    void aSnapshotIsTakenAndTheLogPurged() throws Exception {
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(1, 40);
            long applied = log.state().applied().index();
            assertThat(log.log().takeSnapshot().get()).isGreaterThanOrEqualTo(applied);
            assertThat(log.log().leadership().snapshot()).isGreaterThanOrEqualTo(applied);
        }
        try (WrittenLog log = new WrittenLog(directory)) {
            log.append(41, 42);
            assertThat(TestCluster.payloads(log.state(), 1)).hasSize(42);
        }
    }

    @Test
    void aFullDiskRefusesEventsOnly() throws Exception {
        try (WrittenLog log = new WrittenLog(directory, WrittenLog.freePort(), Long.MAX_VALUE)) {
            Await.until("leadership", () -> log.log().leadership().leaderReady());
            Operation.Append append = TestCluster.append(1, "p", 1, "event");
            AppendRun.Part part = new AppendRun.Part(1, append.body().size(), append.crc32c(), null);
            Operation many = new Operation.AppendMany(
                    List.of(new TopicAppend(1, append.encoding(), part)), List.of(), append.body(), null);
            for (Operation growing : List.of(append, many)) {
                assertThatThrownBy(() -> log.log().submit(growing).get(30, TimeUnit.SECONDS))
                        .cause()
                        .asInstanceOf(InstanceOfAssertFactories.type(StoreException.class))
                        .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.DISK_FULL));
            }
            assertThat(log.log().submit(new Operation.DeleteTopic(1)).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(Result.Refused.class);
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> new WrittenLog(directory, port, 0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("at port " + port);
        }
    }

    private static Path openSegment(Path logDirectory) throws Exception {
        try (Stream<Path> files = Files.list(logDirectory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_inprogress"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Loads the class from Ratis's own jar, which ours hides otherwise. */
    private static void writeWithStockRatis(Path file, String content) throws Exception {
        URL ratis = FileUtils.class.getProtectionDomain().getCodeSource().getLocation();
        URL thirdparty = org.apache.ratis.thirdparty.com.google.protobuf.ByteString.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation();
        URL slf4j = Logger.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader stock =
                        new URLClassLoader(new URL[] {ratis, thirdparty, slf4j}, ClassLoader.getPlatformClassLoader());
                OutputStream out = (OutputStream) stock.loadClass("org.apache.ratis.util.AtomicFileOutputStream")
                        .getConstructor(File.class)
                        .newInstance(file.toFile())) {
            assertThat(List.of(out.getClass().getMethods()).toString()).doesNotContain("fsyncsDirectory");
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }
}
