package io.eckermann.statemachine.chunk;

/** Where in a segment's file bodies are. */
interface BodyPlaces {
    /** Where in the file the address points to; -1 when that is not there. */
    long position(ChunkAddress address);

    /** How many bytes of bodies there are. */
    long bytesOfBodies();
}
