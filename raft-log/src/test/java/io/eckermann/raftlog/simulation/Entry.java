package io.eckermann.raftlog.simulation;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.RaftIndex;

/**
 * A committed entry.
 *
 * @param bytes an encoded command; empty where a leader began its term
 */
record Entry(RaftIndex at, ByteString bytes) {}
