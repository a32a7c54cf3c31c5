package io.eckermann.gateway.schemas;

import com.google.protobuf.ByteString;
import java.util.List;

/** A compiled schema. Safe from any thread. */
interface PayloadCheck {
    /**
     * What is wrong with a payload; empty when nothing is.
     *
     * @param strict whether fields that a Protobuf schema does not know are faults
     * @param max how many to look for at most
     * @param steps how many it may take; when it takes more, that is the fault
     */
    List<Fault> faults(ByteString payload, boolean strict, int max, Steps steps);
}
