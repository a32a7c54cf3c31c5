/**
 * What can be committed, and what comes of it: operations and results as records, with the codec of the durable
 * format (command.proto). Pure values: no thread, clock or disk.
 */
@NullMarked
package io.eckermann.statemachine.command;

import org.jspecify.annotations.NullMarked;
