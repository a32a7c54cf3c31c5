/** Measurements of single classes with JMH: codecs, the command's build, apply, reads. Nothing here runs in a node. */
@NullMarked
package io.eckermann.bench.micro;

import org.jspecify.annotations.NullMarked;
