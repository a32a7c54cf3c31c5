/**
 * Traces that go through events, by OpenTelemetry. The one package that needs {@code io.opentelemetry:opentelemetry-api}, which
 * this library does not bring along: an application that uses it has it.
 */
@NullMarked
package io.eckermann.client.tracing;

import org.jspecify.annotations.NullMarked;
