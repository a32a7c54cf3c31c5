/** Programs that show how the client is used. Each is one file that is run as it is; see docs/dcb.md. */
@NullMarked
package io.eckermann.client.example;

import org.jspecify.annotations.NullMarked;
