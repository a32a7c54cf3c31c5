/**
 * Replaced classes of Ratis: {@link org.apache.ratis.util.AtomicFileOutputStream}, through which it writes its vote
 * file, and {@link org.apache.ratis.util.PureJavaCrc32C}, its log's checksum. They must come before Ratis on the class
 * path; the node refuses to start otherwise.
 */
@NullMarked
package org.apache.ratis.util;

import org.jspecify.annotations.NullMarked;
