/** What a run prints and keeps: the table, the CSV and the HTML page. */
@NullMarked
package io.eckermann.bench.report;

import org.jspecify.annotations.NullMarked;
