package io.eckermann.statemachine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events by business time, in reading order.
 *
 * @param next from where to look on; null when there is nothing more
 */
public record EventTimes(List<EventTime> found, @Nullable EventTime next) {}
