/**
 * Schemas of payloads, by topic and event type: kept as they came. What they mean is known at the doors alone; here
 * nothing parses them. Apply thread, but for what readers ask of the table.
 */
@NullMarked
package io.eckermann.statemachine.schema;

import org.jspecify.annotations.NullMarked;
