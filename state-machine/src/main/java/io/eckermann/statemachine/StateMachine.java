package io.eckermann.statemachine;

import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.chunk.BodyLog;
import io.eckermann.statemachine.chunk.FileLinks;
import io.eckermann.statemachine.chunk.KeptSegments;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.DirectoryLock;
import io.eckermann.statemachine.storage.DurableFiles;
import io.eckermann.statemachine.storage.SnapshotFiles;
import io.eckermann.statemachine.storage.StorageSettings;
import io.eckermann.statemachine.storage.Store;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.tail.TailCache;
import io.eckermann.statemachine.topic.HotRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicated state of one shard on this node: what committed commands did, in RocksDB, with readers beside it.
 *
 * <p>Deterministic: the same commands at the same indexes give the same {@link #digest}. Entries are applied in memory, and
 * written behind that in batches, each with the index it brings the state to, durable with the next flush or snapshot: a
 * crash leaves an older state, never half an entry, and the Raft log replays what came later.
 *
 * <p>Threads: {@link #apply}, {@link #skip}, {@link #flush}, {@link #install} and {@link #close} belong to one thread
 * at a time; everything else is safe from any.
 */
public final class StateMachine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateMachine.class);

    private final Path directory;
    private final DirectoryLock lock;
    private final Installation installation;
    private final SnapshotShelf shelf;
    private final LiveStore store;
    private final TailCache tail;
    private final Bodies bodies;
    private final ReadView view;
    private final Announcements announcements = new Announcements();
    private final Backlog backlog;
    private final SnapshotMaker maker;
    private final HotRows hot = new HotRows();
    /** Held while a snapshot is made or put in place. */
    private final Object snapshots = new Object();

    private volatile RaftIndex applied;
    private volatile RaftIndex durablyApplied;
    private volatile RaftIndex installed;
    /** The next start installs it; null when there is none, or when it is installed. */
    private volatile @Nullable Snapshot accepted;

    private StateMachine(
            Path directory,
            DirectoryLock lock,
            Installation installation,
            SnapshotShelf shelf,
            KeptSegments kept,
            Store opened)
            throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.installation = installation;
        this.shelf = shelf;
        applied = opened.applied();
        durablyApplied = applied;
        installed = opened.installed();
        store = new LiveStore(opened);
        bodies = new Bodies(kept);
        tail = new TailCache(installation.settings().tailBytes());
        announcements.add(tail);
        view = new StoreView(store, bodies, tail, this::visible, announcements);
        announcements.onMark(store.moments()::take);
        backlog = new Backlog(opened.batch(), applied, announcements);
        maker = new SnapshotMaker(store, backlog, bodies, shelf);
    }

    /** As {@link #open(Path, StorageSettings)}, with the default settings. */
    public static StateMachine open(Path directory) throws IOException {
        return open(directory, StorageSettings.DEFAULTS);
    }

    /**
     * Opens the state kept below a directory, or starts an empty one.
     *
     * @param directory gets {@code db/}, {@code kept/}, {@code snapshots/} and {@code incoming/}
     * @throws IOException with a message for the operator when it cannot be opened
     */
    public static StateMachine open(Path directory, StorageSettings settings) throws IOException {
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Path snapshots = directory.resolve("snapshots");
            KeptSegments kept = KeptSegments.open(directory.resolve("kept"), FileLinks.HARD);
            Installation installation = new Installation(directory, settings);
            Store opened = installation.resume(snapshots);
            try {
                SnapshotShelf shelf = SnapshotShelf.open(snapshots);
                shelf.refuseNewerThan(opened.applied());
                StateMachine machine = new StateMachine(directory, lock, installation, shelf, kept, opened);
                machine.backlog.start();
                return machine;
            } catch (IOException e) {
                opened.close();
                throw e;
            }
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** Says where bodies are that are not kept yet; without it they are not found, and nothing is kept. */
    public void attach(BodyLog log) {
        bodies.attach(log);
    }

    /** The segments of the Raft log that this state has taken over. */
    public KeptSegments kept() {
        return bodies.kept();
    }

    /** The last entry applied; readers may see it a little later. After {@link #open}, the last one that is durable. */
    public RaftIndex applied() {
        return applied;
    }

    /** The last entry that readers see; at or below {@link #applied}. */
    public RaftIndex visible() {
        return backlog.visible();
    }

    /**
     * Completes when readers see the entry, or fails when that can't come any more. Whoever gives up fails the future (by its
     * own timeout), so that it is forgotten. Continuations must be quick: they run on the thread that makes entries visible.
     */
    public CompletableFuture<Void> whenVisible(long index) {
        return backlog.whenVisible(index);
    }

    /** Is told from now on what becomes visible. Add it before the first entry is applied. */
    public void addListener(VisibleListener listener) {
        announcements.add(listener);
    }

    /** Is told once, on any thread, when what was applied can't be written: the node must stop. */
    public void onFailure(Consumer<StorageFailure> stop) {
        announcements.onFailure(stop);
    }

    /** Has this be given the state at each marked entry, on the thread that writes; it must be quick, and close it some time. */
    public void onMark(Consumer<StateMoment> taker) {
        store.moments().onMark(taker);
    }

    /**
     * Lets the state on disk, and what readers see, never run ahead of the node's own log.
     *
     * @param isLogged whether the log has this entry on disk; asked again until it has
     */
    public void writeOnly(LongPredicate isLogged) {
        backlog.writeOnly(isLogged);
    }

    /** An entry up to which everything applied survives a crash; at or below {@link #applied}. */
    public RaftIndex durablyApplied() {
        return durablyApplied;
    }

    /** The snapshot that this state began with, or NONE: entries up to there were never in this node's Raft log. */
    public RaftIndex installedAt() {
        return installed;
    }

    /**
     * Applies a command; readers see it soon. Entries at or below {@link #applied} change nothing and give no results.
     * Waits when too much is applied that could not be written yet.
     *
     * @return a result for each operation (of a run: for each part) in the command's order
     * @throws StorageFailure the node must stop
     */
    public List<Result> apply(RaftIndex at, Command command) {
        if (at.index() <= applied.index()) {
            return List.of();
        }
        StoreBatch batch = backlog.begin();
        try {
            CommandApplier applier = new CommandApplier(batch, hot, at, command);
            List<Result> results = applier.apply();
            backlog.add(at, applier);
            applied = at;
            return results;
        } catch (StoreException e) {
            throw failed(new StorageFailure("The index holds damaged rows, so an entry could not be applied.", e));
        } catch (StorageFailure e) {
            throw failed(e);
        } catch (RuntimeException | Error e) {
            // Half an entry must never be written.
            backlog.fail(new StorageFailure("An entry could not be applied.", e));
            throw e;
        } finally {
            backlog.end();
        }
    }

    private StorageFailure failed(StorageFailure failure) {
        backlog.fail(failure);
        return failure;
    }

    /** Notes an entry that holds no command. */
    public void skip(RaftIndex at) {
        apply(at, new Command(0, List.of()));
    }

    /** Makes everything applied durable. */
    public void flush() {
        backlog.drain(applied.index());
        flushVisible();
    }

    /** Makes durable what readers see. */
    void flushVisible() {
        RaftIndex flushed = visible();
        try {
            store.use(Store::flush);
        } catch (StorageFailure e) {
            throw failed(e);
        }
        durable(flushed);
    }

    private synchronized void durable(RaftIndex flushed) {
        if (flushed.index() > durablyApplied.index()) {
            durablyApplied = flushed;
        }
    }

    /**
     * Makes everything applied durable and checkpoints it with the kept segments (hard links); older snapshots are
     * deleted. When it returns, the Raft log up to there is not needed any more. May run beside the apply thread, which
     * does not wait for it.
     */
    public Snapshot takeSnapshot() {
        synchronized (snapshots) {
            backlog.drain(applied.index());
            Snapshot latest = shelf.latest();
            if (latest != null && latest.at().equals(visible())) {
                return latest;
            }
            try {
                RaftIndex at = maker.checkpoint();
                durable(at);
                forgetOvertaken();
                return maker.publish(at);
            } catch (StorageFailure e) {
                throw failed(e);
            } catch (IOException e) {
                throw failed(new StorageFailure("A snapshot could not be written.", e));
            }
        }
    }

    /** The newest finished snapshot; a cached value. */
    public @Nullable Snapshot latestSnapshot() {
        return shelf.latest();
    }

    /** Gives the newest snapshot's files second names in an empty directory beside it; null when there is none. */
    public @Nullable Snapshot linkLatestSnapshot(Path target) throws IOException {
        synchronized (snapshots) {
            return shelf.linkLatest(target);
        }
    }

    /** Where a snapshot is downloaded to, with what was left of earlier attempts; on the same filesystem as the state. */
    public Path incoming() throws IOException {
        return Files.createDirectories(directory.resolve("incoming"));
    }

    /**
     * Checks a downloaded snapshot and binds this node to it: from when this returns, {@link #install} puts it in
     * place, or after a crash the next {@link #open} does. So the Raft log up to there may be deleted. May run beside
     * the apply thread. An exception leaves everything as it was, and nothing of what can't be installed.
     *
     * @param snapshotDirectory what {@link #incoming} was filled with; moved away
     * @return the last entry it contains
     */
    public RaftIndex accept(Path snapshotDirectory) throws IOException {
        RaftIndex at = SnapshotFiles.at(snapshotDirectory);
        if (accepted != null || at.index() <= applied.index()) {
            throw new IOException("The snapshot ends at entry " + at.index() + " and this node has applied "
                    + applied.index() + " already, or waits for another snapshot to be put in place.");
        }
        Snapshot snapshot = new Snapshot(at, shelf.placeOf(at));
        try {
            DurableFiles.syncAll(snapshotDirectory);
            installation.prepare(snapshotDirectory);
            bodies.adopt(snapshotDirectory, at.index());
            installation.announce(snapshot.directory());
            DurableFiles.move(snapshotDirectory, snapshot.directory());
        } catch (IOException | StorageFailure e) {
            forget(snapshot);
            DurableFiles.delete(snapshotDirectory);
            throw new IOException("The snapshot cannot be installed; the state stays as it was.", e);
        }
        accepted = snapshot;
        return at;
    }

    /**
     * Replaces the whole state by the accepted snapshot and keeps that as the latest one; readers wait meanwhile. When
     * there is none that is newer than the state, makes the state durable instead. After an exception the state machine
     * can only be closed.
     */
    public void install() throws IOException {
        synchronized (snapshots) {
            Snapshot snapshot = accepted;
            if (snapshot == null || snapshot.at().index() <= applied.index()) {
                flush();
                forgetOvertaken();
                return;
            }
            backlog.drain(applied.index());
            store.exchange(installation::finish);
            shelf.adopt(snapshot);
            accepted = null;
            hot.clear();
            applied = snapshot.at();
            // Before anybody is told of the new state, who then must not find what was remembered of the old one.
            announcements.replaced();
            backlog.replace(store.forWriting().batch(), applied);
            durable(applied);
            installed = applied;
        }
        announcements.wakeAll();
    }

    /** What gives dead events' space back; its users take turns. */
    public Scavenging scavenging() {
        return new Scavenging(store, backlog, bodies, shelf, this::takeSnapshot, snapshots);
    }

    public ReadView view() {
        return view;
    }

    public HeadSignal headSignal() {
        return announcements.headSignal();
    }

    /** SHA-256 over the logical content, as hex: equal on all replicas at the same applied index. Reads everything. */
    public String digest() {
        backlog.drain(applied.index());
        return store.read(rows -> new StateDigest().of(rows));
    }

    /** Makes durable what was applied, so far as log and disk still allow it, and closes. Again is fine. */
    @Override
    public void close() {
        backlog.close();
        try {
            if (!backlog.isFailed() && store.isOpen()) {
                store.forWriting().flush();
            }
        } catch (StorageFailure e) {
            LOG.warn("The index could not be flushed on closing; the Raft log will be replayed.", e);
        }
        tail.clear();
        store.close();
        bodies.kept().close();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The lock of {} could not be given back.", directory, e);
        }
    }

    /** A durable state that is as new as the accepted snapshot must not be replaced by it at the next start. */
    private void forgetOvertaken() throws IOException {
        Snapshot snapshot = accepted;
        if (snapshot != null && snapshot.at().index() <= durablyApplied.index()) {
            forget(snapshot);
            accepted = null;
        }
    }

    private void forget(Snapshot snapshot) throws IOException {
        SnapshotShelf.remove(snapshot);
        installation.abandon();
    }
}
