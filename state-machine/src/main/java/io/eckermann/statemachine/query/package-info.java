/**
 * The index of events by type, key and tag: written from what appends say of themselves, and searched by conditions and
 * by readers. Real texts are compared, never their hashes. Writing is the apply thread's; searching is safe from any
 * thread with a reader of its own. Must not know what is done with what is found.
 */
@NullMarked
package io.eckermann.statemachine.query;

import org.jspecify.annotations.NullMarked;
