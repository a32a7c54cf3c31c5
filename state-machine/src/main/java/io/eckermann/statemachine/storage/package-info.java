/**
 * The rows of the state machine on disk, and the only package that knows RocksDB: column families, keys, one atomic
 * batch for many applied entries, checkpoints. Called by the tables (which say what rows mean) and by the root. Must not
 * know what a topic or a cursor is. One thread writes; any thread reads, each read from one consistent moment.
 */
@NullMarked
package io.eckermann.statemachine.storage;

import org.jspecify.annotations.NullMarked;
