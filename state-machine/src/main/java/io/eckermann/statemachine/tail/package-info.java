/**
 * The newest chunks of all topics in memory, so that who reads at the tail touches neither the index nor the disk.
 * Filled by the thread that makes entries visible, read by any. Must not know rows or files.
 */
@NullMarked
package io.eckermann.statemachine.tail;

import org.jspecify.annotations.NullMarked;
