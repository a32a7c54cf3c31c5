/**
 * What a log line looks like: as text or as JSON, always one line for what happened, whatever is in it. Made on the thread that
 * logs, so that it knows the call which that thread is about. Set up by the node; nothing else knows of Logback.
 */
@NullMarked
package io.eckermann.gateway.logging;

import org.jspecify.annotations.NullMarked;
