/**
 * What stands in for a class of Ratis, {@link org.apache.ratis.server.impl.ConfigurationManager}, and one beside Ratis's own
 * for what Ratis 3.3.0 has no public way to, {@link org.apache.ratis.server.impl.EarlyElection}.
 */
@NullMarked
package org.apache.ratis.server.impl;

import org.jspecify.annotations.NullMarked;
