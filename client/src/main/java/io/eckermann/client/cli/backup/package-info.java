/**
 * Backups: where they are kept ({@code Vault}), what one consists of ({@code Manifest}), how one is taken, checked and
 * fetched. Called by the command line; knows the client's public door and no node's files but by name. One thread.
 */
@NullMarked
package io.eckermann.client.cli.backup;

import org.jspecify.annotations.NullMarked;
