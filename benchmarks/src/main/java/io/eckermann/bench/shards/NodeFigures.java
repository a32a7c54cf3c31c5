package io.eckermann.bench.shards;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * What a node has counted so far of its entries, over all its shards.
 *
 * @param entries that it proposed as leader
 * @param forces of its logs to the disk
 */
record NodeFigures(double entries, double forces) {
    /** Reads them at the node's HTTP door. */
    static NodeFigures of(HttpClient http, String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/metrics"))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(address + " tells no figures: " + answer.statusCode() + " " + answer.body());
        }
        return parse(answer.body());
    }

    static NodeFigures parse(String metrics) {
        return new NodeFigures(
                sum(metrics, "eckermann_batcher_entries_total"), sum(metrics, "ratis_log_flush_seconds_count"));
    }

    private static double sum(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    NodeFigures since(NodeFigures before) {
        return new NodeFigures(entries - before.entries, forces - before.forces);
    }
}
