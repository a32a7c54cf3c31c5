package io.eckermann.helm;

import java.util.Map;
import java.util.TreeMap;

/** Values that people may choose, under the names of what they are for. */
final class Combinations {
    private Combinations() {}

    static Map<String, String> all() {
        Map<String, String> all = new TreeMap<>();
        all.put("defaults", "{}");
        all.put("laptop", Repository.text("helm/eckermann/values-laptop.yaml"));
        all.put("one node", "replicaCount: 1");
        all.put("nine nodes", "replicaCount: 9");
        guarded(all);
        all.put("observed", """
                metrics:
                  serviceMonitor: {enabled: true, interval: 1m, labels: {release: prometheus}}
                  rules: {enabled: true, labels: {release: prometheus}}
                  dashboards: {enabled: true, annotations: {folder: Eckermann}}
                """);
        backedUp(all);
        restored(all);
        all.put("placed", """
                antiAffinity: soft
                nodeSelector: {disk: nvme}
                tolerations: [{key: dedicated, operator: Exists}]
                priorityClassName: high
                podAnnotations: {team: orders}
                podLabels: {team: orders}
                updateStrategy: {partition: 2}
                """);
        all.put("OpenShift", """
                podSecurityContext: {runAsUser: null, runAsGroup: null, fsGroup: null}
                serviceAccount: {create: false, name: given}
                networkPolicy: {enabled: false}
                podDisruptionBudget: {enabled: false}
                """);
        all.put("own registry", """
                image:
                  registry: registry.example:5000
                  digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
                  pullPolicy: Always
                imagePullSecrets: [{name: pull}]
                """);
        tuned(all);
        all.put(
                "long name",
                "fullnameOverride: a-name-that-is-much-longer-than-a-name-of-an-object-may-be-in-kubernetes");
        return all;
    }

    private static void tuned(Map<String, String> all) {
        all.put("tuned", """
                clusterId: orders
                shards: 4
                clusterDomain: k8s.example
                logFormat: text
                config:
                  http.allowed-origins: ["https://app.example"]
                  security.oidc.authorities: /etc/issuer/ca.crt
                  read.tail-cache: 64MiB
                  raft.entries-kept: 8000
                  goethe.create-topics: false
                extraEnv: [{name: TZ, value: UTC}]
                extraVolumes: [{name: issuer, secret: {secretName: issuer}}]
                extraVolumeMounts: [{name: issuer, mountPath: /etc/issuer, readOnly: true}]
                resources: {requests: {cpu: 2, memory: 8Gi}, limits: {memory: 8Gi}}
                jvm: {heapPercent: 30, extraOptions: "-Xlog:gc:stderr"}
                persistence: {size: 500Gi, storageClass: fast, accessModes: [ReadWriteOncePod], whenScaled: Delete}
                service: {type: LoadBalancer, annotations: {internal: "true"}}
                drain: {leaveSeconds: 20, finishSeconds: 30}
                terminationGracePeriodSeconds: 90
                networkPolicy: {from: [{namespaceSelector: {matchLabels: {name: monitoring}}}], to: [{ipBlock: {cidr: 10.1.0.0/16}}]}
                """);
    }

    private static void backedUp(Map<String, String> all) {
        all.put("backed up to S3", """
                backup:
                  enabled: true
                  to: s3://backups/shop
                  s3: {endpoint: "https://minio.example:9000", region: eu-1, secretName: bucket}
                  speed: 20MiB
                """);
        all.put("backed up to a volume", """
                tls: {enabled: true, secretName: given}
                security: {enabled: true}
                backup: {enabled: true, schedule: "0 3 * * 1", suspend: true, to: shop, claimName: backups}
                """);
    }

    private static void restored(Map<String, String> all) {
        all.put("restored from S3", """
                clusterId: shop-2
                tls: {enabled: true, secretName: given}
                restore: {from: "s3://backups/shop", toTime: "2026-11-27T10:00Z", s3: {secretName: bucket}}
                backup: {enabled: true, to: "s3://backups/shop-2"}
                """);
        all.put("restored from a volume", """
                clusterId: shop-2
                restore: {from: shop, claimName: backups, toIndex: "4711"}
                """);
    }

    private static void guarded(Map<String, String> all) {
        all.put("encrypted", """
                tls: {enabled: true, certManager: {issuerRef: {name: internal, kind: ClusterIssuer}}}
                metrics: {serviceMonitor: {enabled: true}}
                """);
        all.put("guarded", """
                tls: {enabled: true, secretName: given}
                security: {enabled: true}
                service: {type: LoadBalancer}
                metrics: {serviceMonitor: {enabled: true, keySecret: prometheus}}
                """);
        all.put("encrypted by a given secret", "tls: {enabled: true, secretName: given}");
    }
}
