package io.eckermann.gateway.schemas;

/**
 * One thing that is wrong with a payload.
 *
 * @param path of JSON a JSON Pointer, empty for the whole; of Protobuf names of fields with dots between them
 * @param reason a sentence, or the library's words
 */
record Fault(String path, String reason) {}
