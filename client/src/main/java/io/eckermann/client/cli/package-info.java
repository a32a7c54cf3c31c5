/**
 * The command line: one class per verb, each a few lines over the client's public door, and what they share: options,
 * tables, event lines, errors and exit codes. Data goes to stdout, everything else to stderr. Runs on the main thread;
 * live reads and dying nodes report from threads of their own.
 */
@NullMarked
package io.eckermann.client.cli;

import org.jspecify.annotations.NullMarked;
