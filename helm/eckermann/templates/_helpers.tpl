{{/* Short enough that the StatefulSet's controller can put a hash behind it in a label. */}}
{{- define "eckermann.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "eckermann.headless" -}}
{{ include "eckermann.fullname" . }}-nodes
{{- end -}}

{{- define "eckermann.serviceAccount" -}}
{{ default (include "eckermann.fullname" .) .Values.serviceAccount.name }}
{{- end -}}

{{/* What never changes: selectors and volume claims can't be changed later, so versions have no place here. */}}
{{- define "eckermann.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* The nodes alone, not the pod of helm test. */}}
{{- define "eckermann.nodeLabels" -}}
{{ include "eckermann.selectorLabels" . }}
app.kubernetes.io/component: node
{{- end -}}

{{- define "eckermann.labels" -}}
{{ include "eckermann.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "eckermann.image" -}}
{{- $name := .Values.image.repository -}}
{{- if .Values.image.registry -}}
{{- $name = printf "%s/%s" .Values.image.registry $name -}}
{{- end -}}
{{- if .Values.image.digest -}}
{{ $name }}@{{ .Values.image.digest }}
{{- else -}}
{{ $name }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* All nodes by their stable names. Never in what is hashed: another number of nodes must not roll the old ones. */}}
{{- define "eckermann.nodes" -}}
{{- $name := include "eckermann.fullname" . -}}
{{- $domain := printf "%s.%s.svc.%s" (include "eckermann.headless" .) .Release.Namespace .Values.clusterDomain -}}
{{- $nodes := list -}}
{{- range $ordinal := until (int .Values.replicaCount) -}}
{{- $id := printf "%s-%d" $name $ordinal -}}
{{- $host := printf "%s.%s" $id $domain -}}
{{- $nodes = append $nodes (printf "{id: %s, raft: '%s:7201', grpc: '%s:7301', http: '%s:8081'}" $id $host $host $host) -}}
{{- end -}}
[{{ join ", " $nodes }}]
{{- end -}}

{{/* The hosts under which nodes are called: by each other, and by clients. */}}
{{- define "eckermann.hosts" -}}
{{- $name := include "eckermann.fullname" . -}}
{{- $service := printf "%s.%s" $name .Release.Namespace -}}
{{- list (printf "*.%s.%s.svc.%s" (include "eckermann.headless" .) .Release.Namespace .Values.clusterDomain) $name $service (printf "%s.svc" $service) (printf "%s.svc.%s" $service .Values.clusterDomain) | toYaml -}}
{{- end -}}

{{- define "eckermann.tlsSecret" -}}
{{ default (printf "%s-tls" (include "eckermann.fullname" .)) .Values.tls.secretName }}
{{- end -}}

{{- define "eckermann.config" -}}
cluster.id: {{ default (include "eckermann.fullname" .) .Values.clusterId | quote }}
# A pod with an empty volume is a new node, and asks the others to take it in.
cluster.join-by-itself: true
{{- if gt (int .Values.shards) 1 }}
shards: {{ .Values.shards }}
{{- end }}
node.bind-host: "0.0.0.0"
# A volume may hold a lost+found, so the data lies one level below.
node.data-directory: /var/lib/eckermann/data
shutdown.timeout: {{ .Values.drain.finishSeconds }}s
log.format: {{ default "json" .Values.logFormat }}
{{- if .Values.tls.enabled }}
tls.certificate: /etc/eckermann-tls/tls.crt
tls.key: /etc/eckermann-tls/tls.key
tls.authorities: /etc/eckermann-tls/ca.crt
{{- end }}
{{- if .Values.security.enabled }}
security.enabled: true
{{- end }}
{{- range $key, $value := .Values.config }}
{{ $key }}: {{ $value | toJson }}
{{- end }}
{{- end -}}

{{- define "eckermann.memoryMi" -}}
{{- $limit := .Values.resources.limits.memory | toString -}}
{{- if hasSuffix "Gi" $limit -}}
{{ mul (trimSuffix "Gi" $limit | int) 1024 }}
{{- else -}}
{{ trimSuffix "Mi" $limit | int }}
{{- end -}}
{{- end -}}

{{- define "eckermann.heapMi" -}}
{{ div (mul (include "eckermann.memoryMi" . | int) (int .Values.jvm.heapPercent)) 100 }}
{{- end -}}

{{/* For the command line in a pod: whom it trusts, and that it is an administrator, as nodes are. */}}
{{- define "eckermann.commandLine" -}}
- name: ECKERMANN_TLS_CA
  value: /etc/eckermann-tls/ca.crt
{{- if .Values.security.enabled }}
- name: ECKERMANN_TLS_CERT
  value: /etc/eckermann-tls/tls.crt
- name: ECKERMANN_TLS_CERT_KEY
  value: /etc/eckermann-tls/tls.key
{{- end }}
{{- end -}}

{{/* Variables of a node. */}}
{{- define "eckermann.nodeEnv" -}}
- name: ECKERMANN_NODE_ID
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: ECKERMANN_NODES
  valueFrom:
    configMapKeyRef:
      name: {{ include "eckermann.fullname" . }}-members
      key: nodes
- name: ECKERMANN_NODE_OPTS
  value: -Xmx{{ include "eckermann.heapMi" . }}m{{ with .Values.jvm.extraOptions }} {{ . }}{{ end }}
{{- if .Values.tls.enabled }}
# For the command line in the pod, which calls the node by the name in its certificate.
- name: ECKERMANN_ENDPOINTS
  value: $(ECKERMANN_NODE_ID).{{ include "eckermann.headless" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}:7301
{{- include "eckermann.commandLine" . | nindent 0 }}
{{- end }}
# One file that is overwritten, where there would be another after every crash until /tmp is full.
- name: ROCKSDB_SHAREDLIB_DIR
  value: /tmp
{{- with .Values.extraEnv }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end -}}

{{/* What the schema can't say. */}}
{{- define "eckermann.guard" -}}
{{- $memory := include "eckermann.memoryMi" . | int -}}
{{- $heap := include "eckermann.heapMi" . | int -}}
{{- if lt $heap 192 -}}
{{- fail (printf "A node needs a heap of 192Mi at least, but jvm.heapPercent=%d of resources.limits.memory=%s is %dMi." (int .Values.jvm.heapPercent) .Values.resources.limits.memory $heap) -}}
{{- end -}}
{{- if lt (sub $memory $heap) 448 -}}
{{- fail (printf "A node needs 448Mi beside its heap, but resources.limits.memory=%s leaves %dMi: raise it, or lower jvm.heapPercent." .Values.resources.limits.memory (sub $memory $heap)) -}}
{{- end -}}
{{- $least := add (int .Values.drain.leaveSeconds) (int .Values.drain.finishSeconds) 35 -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int $least) -}}
{{- fail (printf "terminationGracePeriodSeconds=%d would kill nodes that still hand on leadership or finish requests: with these drain values it must be at least %d." (int .Values.terminationGracePeriodSeconds) $least) -}}
{{- end -}}
{{- if and .Values.security.enabled (not .Values.tls.enabled) -}}
{{- fail "security.enabled needs tls.enabled: keys must not be sent in plain text." -}}
{{- end -}}
{{- if and .Values.security.enabled .Values.metrics.serviceMonitor.enabled (not .Values.metrics.serviceMonitor.keySecret) -}}
{{- fail "With security.enabled Prometheus needs a key: name its secret in metrics.serviceMonitor.keySecret." -}}
{{- end -}}
{{- $backup := .Values.backup -}}
{{- if and $backup.enabled (not $backup.to) -}}
{{- fail "backup.enabled needs a place: s3://BUCKET/PREFIX in backup.to, or a directory there and a volume in backup.claimName." -}}
{{- end -}}
{{- if and $backup.enabled (ne (hasPrefix "s3://" $backup.to) (not $backup.claimName)) -}}
{{- fail (printf "Backups are kept in a bucket (backup.to=s3://…) or on the volume of backup.claimName, and not in both: backup.to=%s." $backup.to) -}}
{{- end -}}
{{- $restore := .Values.restore -}}
{{- if and $restore.from (not .Values.clusterId) -}}
{{- fail "A restored cluster is another one than that which was backed up: give it a clusterId of its own." -}}
{{- end -}}
{{- if and $restore.from (ne (hasPrefix "s3://" $restore.from) (not $restore.claimName)) -}}
{{- fail (printf "A backup lies in a bucket (restore.from=s3://…) or on the volume of restore.claimName: restore.from=%s." $restore.from) -}}
{{- end -}}
{{- if and $restore.from $backup.enabled (eq $restore.from $backup.to) (eq $restore.claimName $backup.claimName) -}}
{{- fail "One place holds the backups of one cluster: a restored one needs another backup.to than restore.from." -}}
{{- end -}}
{{- if and .Values.tls.enabled (not .Values.tls.secretName) (not .Values.tls.certManager.issuerRef.name) -}}
{{- fail "tls.enabled needs certificates: name a secret in tls.secretName, or an issuer of cert-manager in tls.certManager.issuerRef.name." -}}
{{- end -}}
{{- end -}}
