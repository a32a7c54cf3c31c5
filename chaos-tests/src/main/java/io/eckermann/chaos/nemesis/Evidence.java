package io.eckermann.chaos.nemesis;

import java.util.Map;

/**
 * What shows that a fault happened.
 *
 * @param proven whether it shows it; a fault that is not proven makes a run unknown, which is not green
 * @param facts what was seen
 */
public record Evidence(boolean proven, Map<String, Object> facts) {}
