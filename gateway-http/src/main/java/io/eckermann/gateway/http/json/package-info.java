/**
 * The JSON shapes of the HTTP door: strict in what they read (unknown and repeated fields, wrong types and too much depth
 * are refused, naming the field), exact in what they write. Called by the routes; knows nothing of HTTP or Netty. Free of
 * threads.
 */
@NullMarked
package io.eckermann.gateway.http.json;

import org.jspecify.annotations.NullMarked;
