package io.eckermann.client.cli.backup;

import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of an S3-compatible store, or what is below a prefix there. Credentials come from where AWS's tools look. */
final class S3Vault implements Vault {
    private final S3Client client;
    private final String bucket;
    /** Empty, or ends with a slash. */
    private final String prefix;

    S3Vault(String bucket, String prefix, @Nullable URI endpoint, @Nullable String region) {
        this.bucket = bucket;
        this.prefix = prefix;
        // Only what every such store knows: no checksums in trailers, and the bucket in the path where it is not AWS's.
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(false))
                .forcePathStyle(endpoint != null);
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        if (region != null) {
            builder.region(Region.of(region));
        } else if (endpoint != null) {
            builder.region(Region.US_EAST_1);
        }
        client = builder.build();
    }

    @Override
    public void put(String name, Path file) throws IOException {
        try {
            client.putObject(request -> request.bucket(bucket).key(prefix + name), RequestBody.fromFile(file));
        } catch (SdkException e) {
            throw failed(name, e);
        }
    }

    @Override
    public void get(String name, Path to) throws IOException {
        try {
            client.getObject(request -> request.bucket(bucket).key(prefix + name), to);
        } catch (NoSuchKeyException e) {
            throw new NoSuchFileException(this + "/" + name);
        } catch (SdkException e) {
            throw failed(name, e);
        }
    }

    @Override
    public List<String> names(String below) throws IOException {
        try {
            return client
                    .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix + below))
                    .contents()
                    .stream()
                    .map(S3Object::key)
                    .map(key -> key.substring(prefix.length()))
                    .sorted()
                    .toList();
        } catch (SdkException e) {
            throw failed(below, e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        try {
            client.deleteObject(request -> request.bucket(bucket).key(prefix + name));
        } catch (SdkException e) {
            throw failed(name, e);
        }
    }

    /** An object is there when all of it is. */
    @Override
    public void tidy(String below) {}

    private IOException failed(String name, SdkException e) {
        return new IOException(
                "The store did not do what it should at " + this + "/" + name + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
