/**
 * The runnable node: its configuration, its data directory, and the one place where everything is put together.
 * Called by launchers and tests; nothing else may know it. Starting and stopping happen on one thread.
 */
@NullMarked
package io.eckermann.gateway.node;

import org.jspecify.annotations.NullMarked;
