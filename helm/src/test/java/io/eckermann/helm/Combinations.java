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
        all.put("tuned", """
                clusterId: orders
                clusterDomain: k8s.example
                logFormat: text
                config:
                  read.tail-cache: 64MiB
                  raft.entries-kept: 8000
                  goethe.create-topics: false
                extraEnv: [{name: TZ, value: UTC}]
                resources: {requests: {cpu: 2, memory: 8Gi}, limits: {memory: 8Gi}}
                jvm: {heapPercent: 30, extraOptions: "-Xlog:gc:stderr"}
                persistence: {size: 500Gi, storageClass: fast, accessModes: [ReadWriteOncePod], whenScaled: Delete}
                service: {type: LoadBalancer, annotations: {internal: "true"}}
                drain: {leaveSeconds: 20, finishSeconds: 30}
                terminationGracePeriodSeconds: 90
                networkPolicy: {from: [{namespaceSelector: {matchLabels: {name: monitoring}}}], to: [{ipBlock: {cidr: 10.1.0.0/16}}]}
                """);
        all.put(
                "long name",
                "fullnameOverride: a-name-that-is-much-longer-than-a-name-of-an-object-may-be-in-kubernetes");
        return all;
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
