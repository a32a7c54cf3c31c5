/** Beside what stands in for a class of Ratis. */
@NullMarked
package org.apache.ratis.server.impl;

import org.jspecify.annotations.NullMarked;
