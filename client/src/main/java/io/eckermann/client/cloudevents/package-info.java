/**
 * Events as the CloudEvents of the official SDK. The one package that needs {@code io.cloudevents:cloudevents-core} and
 * {@code jackson-databind}, which this library does not bring along: an application that uses it has them.
 */
@NullMarked
package io.eckermann.client.cloudevents;

import org.jspecify.annotations.NullMarked;
