/**
 * Cursors: consumers' committed positions. The rules decide, the table reads and writes rows. Must not know of chunks.
 */
@NullMarked
package io.eckermann.statemachine.cursor;

import org.jspecify.annotations.NullMarked;
