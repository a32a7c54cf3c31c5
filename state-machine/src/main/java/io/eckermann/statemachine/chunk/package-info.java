/**
 * Where chunk bodies are: an address in the Raft log, and a source that turns it into bytes. Called by the topic
 * tables. Must not know what is in a body.
 */
@NullMarked
package io.eckermann.statemachine.chunk;

import org.jspecify.annotations.NullMarked;
