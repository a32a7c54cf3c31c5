/**
 * One replaced class of Ratis: {@link org.apache.ratis.util.AtomicFileOutputStream}, through which it writes its vote
 * file. It must come before Ratis on the class path; the node refuses to start otherwise.
 */
@NullMarked
package org.apache.ratis.util;

import org.jspecify.annotations.NullMarked;
