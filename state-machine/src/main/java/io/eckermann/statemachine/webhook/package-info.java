/**
 * Webhooks: where a topic's events are to be sent. Only what was registered is here; how far each is, and what was given
 * up, is in the group behind it, and the sending is the leader's. Apply thread, but for what readers ask of the table.
 */
@NullMarked
package io.eckermann.statemachine.webhook;

import org.jspecify.annotations.NullMarked;
