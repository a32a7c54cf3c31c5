/**
 * What goes along with every call beside its request: the id that its log lines, answers and audit rows share. The doors put
 * it there, anybody may look at it; nothing is decided by it. Threads are told by gRPC's context, as of whom a call is.
 */
@NullMarked
package io.eckermann.gateway.calls;

import org.jspecify.annotations.NullMarked;
