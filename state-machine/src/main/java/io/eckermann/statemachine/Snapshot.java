package io.eckermann.statemachine;

import java.nio.file.Path;

/**
 * A finished checkpoint of the whole state, on disk and fsynced.
 *
 * @param at the last entry it contains
 * @param directory holds nothing but the snapshot's files, in no subdirectories
 */
public record Snapshot(RaftIndex at, Path directory) {}
