package io.eckermann.client.cli.local;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * One node of a local cluster and the ports it listens on, all on loopback.
 *
 * @param id n1, n2, …
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LocalNode(String id, int raft, int grpc, int http) {
    private static final String HOST = "127.0.0.1:";

    public String raftAddress() {
        return HOST + raft;
    }

    public String grpcAddress() {
        return HOST + grpc;
    }

    public String httpAddress() {
        return HOST + http;
    }
}
