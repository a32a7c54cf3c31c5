package io.eckermann.client.cli.backup;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * As much of an S3-compatible store as backups need: objects of one bucket in memory, lists in pages of two, and the
 * signature (version 4) of every request is checked, and of its body where the client signs that.
 */
public final class S3Server implements AutoCloseable {
    public static final String ACCESS_KEY = "backup-key";
    public static final String SECRET_KEY = "backup-secret";
    private static final String BUCKET = "/backups";
    private static final int PAGE = 2;
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\\w+)");

    private final HttpServer server;
    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    private final AtomicInteger toRefuse = new AtomicInteger();

    public S3Server() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    /** The next requests are answered as by a store that has too much to do. */
    public void refuse(int requests) {
        toRefuse.set(requests);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** By their keys. */
    public Map<String, byte[]> objects() {
        return objects;
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        URI uri = exchange.getRequestURI();
        String key = uri.getPath().length() <= BUCKET.length() + 1
                ? ""
                : uri.getPath().substring(BUCKET.length() + 1);
        if (toRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answer(exchange, 503, error("SlowDown"));
        } else if (!uri.getPath().startsWith(BUCKET)) {
            answer(exchange, 404, error("NoSuchBucket"));
        } else if (!isSigned(exchange, body)) {
            answer(exchange, 403, error("SignatureDoesNotMatch"));
        } else if (key.isEmpty()) {
            answer(exchange, 200, list(query(uri)));
        } else {
            object(exchange, key, body);
        }
    }

    private void object(HttpExchange exchange, String key, byte[] body) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                objects.put(key, body);
                exchange.getResponseHeaders().add("ETag", "\"" + Sha256.of(body).substring(0, 32) + "\"");
                answer(exchange, 200, new byte[0]);
            }
            case "GET" -> {
                byte[] found = objects.get(key);
                answer(exchange, found == null ? 404 : 200, found == null ? error("NoSuchKey") : found);
            }
            case "DELETE" -> {
                objects.remove(key);
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            }
            default -> answer(exchange, 405, error("MethodNotAllowed"));
        }
    }

    private byte[] list(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("continuation-token", "");
        List<Map.Entry<String, byte[]>> all = objects.entrySet().stream()
                .filter(object -> object.getKey().startsWith(prefix))
                .filter(object -> object.getKey().compareTo(after) > 0)
                .toList();
        List<Map.Entry<String, byte[]>> page = all.subList(0, Math.min(PAGE, all.size()));
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>")
                .append(all.size() > page.size())
                .append("</IsTruncated>");
        if (all.size() > page.size()) {
            xml.append("<NextContinuationToken>")
                    .append(page.get(page.size() - 1).getKey())
                    .append("</NextContinuationToken>");
        }
        page.forEach(object -> xml.append("<Contents><Key>")
                .append(object.getKey())
                .append("</Key><Size>")
                .append(object.getValue().length)
                .append("</Size></Contents>"));
        return xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new TreeMap<>();
        String raw = uri.getRawQuery();
        for (String each : raw == null ? new String[0] : raw.split("&", -1)) {
            String[] pair = each.split("=", 2);
            query.put(pair[0], pair.length == 1 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static boolean isSigned(HttpExchange exchange, byte[] body) {
        Matcher given = AUTHORIZATION.matcher(header(exchange, "Authorization"));
        if (!given.matches() || !given.group(1).equals(ACCESS_KEY)) {
            return false;
        }
        String bodyHash = header(exchange, "x-amz-content-sha256");
        if (!bodyHash.equals("UNSIGNED-PAYLOAD") && !bodyHash.equals(Sha256.of(body))) {
            return false;
        }
        StringBuilder canonical = new StringBuilder()
                .append(exchange.getRequestMethod())
                .append('\n')
                .append(exchange.getRequestURI().getRawPath())
                .append('\n')
                .append(canonicalQuery(exchange.getRequestURI()))
                .append('\n');
        for (String name : given.group(4).split(";", -1)) {
            canonical
                    .append(name)
                    .append(':')
                    .append(header(exchange, name).strip())
                    .append('\n');
        }
        canonical.append('\n').append(given.group(4)).append('\n').append(bodyHash);
        String scope = given.group(2) + "/" + given.group(3) + "/s3/aws4_request";
        String text = "AWS4-HMAC-SHA256\n" + header(exchange, "x-amz-date") + "\n" + scope + "\n"
                + Sha256.of(canonical.toString().getBytes(StandardCharsets.UTF_8));
        byte[] key = ("AWS4" + SECRET_KEY).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, text)).equals(given.group(5));
    }

    private static String canonicalQuery(URI uri) {
        String raw = uri.getRawQuery();
        if (raw == null) {
            return "";
        }
        String[] pairs = raw.split("&", -1);
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = pairs[i].contains("=") ? pairs[i] : pairs[i] + "=";
        }
        Arrays.sort(pairs);
        return String.join("&", pairs);
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] error(String code) {
        return ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
