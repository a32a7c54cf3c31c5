/**
 * Schemas of payloads: registers them, and compares the payloads of appends with them where a topic wants that. The only
 * place that knows the library of JSON Schema, which is loaded with the first schema. Free of transport.
 */
@NullMarked
package io.eckermann.gateway.schemas;

import org.jspecify.annotations.NullMarked;
