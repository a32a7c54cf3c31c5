{{/* Options with which a store is reached. */}}
{{- define "eckermann.s3" -}}
{{- with .endpoint }} --s3-endpoint '{{ . }}'{{ end }}
{{- with .region }} --s3-region '{{ . }}'{{ end }}
{{- end -}}

{{/* Takes a backup, and drops those that are too many. */}}
{{- define "eckermann.backup" -}}
{{- $backup := .Values.backup -}}
{{- $place := printf "'%s%s'" (ternary "/backups/" "" (ne $backup.claimName "")) $backup.to -}}
{{- $reached := include "eckermann.s3" $backup.s3 -}}
eckermann backup --to {{ $place }}{{ $reached }}{{ with $backup.speed }} --speed {{ . }}{{ end }}
{{- if gt (int $backup.keep) 0 }}
eckermann backup list {{ $place }}{{ $reached }} -o ndjson | sed -n 's/.*"id" *: *"\([^"]*\)".*/\1/p' >/tmp/backups
head -n -{{ $backup.keep }} /tmp/backups | while read -r id; do
  eckermann backup drop {{ $place }}{{ $reached }} --backup "$id"
done
{{- end }}
{{- end -}}

{{/* Makes a node's data out of a backup before its first start. A pod that comes later, or has lost its volume, finds the
     cluster and joins that: what it had acknowledged since is in no backup. */}}
{{- define "eckermann.restore" -}}
{{- $restore := .Values.restore -}}
data=/var/lib/eckermann/data
if [ -e $data/state ] || [ -e $data/raft ] || grep -qs '^joined=true' $data/identity; then
  exit 0
fi
if eckermann cluster status --timeout 5s --endpoints {{ include "eckermann.fullname" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}:7301 >/dev/null 2>&1; then
  echo "The cluster runs already: this node joins it."
  exit 0
fi
eckermann restore --config /etc/eckermann/eckermann.yaml --from '{{ if $restore.claimName }}/backups/{{ end }}{{ $restore.from }}'
{{- include "eckermann.s3" $restore.s3 }}
{{- with $restore.backup }} --backup '{{ . }}'{{ end }}
{{- with $restore.toIndex }} --to-index {{ . }}{{ end }}
{{- with $restore.toTime }} --to-time '{{ . }}'{{ end }}
{{- end -}}

{{/* What a pod is made of that runs the command line once: root; script, which sh reads; and backups, whether it reaches
     them. */}}
{{- define "eckermann.tool" -}}
{{- $root := .root -}}
{{- $claim := and .backups $root.Values.backup.claimName -}}
{{- $secret := and .backups $root.Values.backup.s3.secretName -}}
restartPolicy: Never
serviceAccountName: {{ include "eckermann.serviceAccount" $root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml $root.Values.podSecurityContext | nindent 2 }}
containers:
  - name: eckermann
    image: {{ include "eckermann.image" $root }}
    imagePullPolicy: {{ $root.Values.image.pullPolicy }}
    command: [/bin/sh, -ec]
    args:
      - |
        {{- .script | nindent 8 }}
    env:
      - name: PATH
        value: /opt/eckermann/bin:/opt/java/bin:/usr/bin:/bin
      - name: HOME
        value: /tmp
      - name: ECKERMANN_ENDPOINTS
        value: {{ include "eckermann.fullname" $root }}.{{ $root.Release.Namespace }}.svc.{{ $root.Values.clusterDomain }}:7301
      {{- if $root.Values.tls.enabled }}
      {{- include "eckermann.commandLine" $root | nindent 6 }}
      {{- end }}
    {{- with $secret }}
    envFrom:
      - secretRef:
          name: {{ . }}
    {{- end }}
    resources:
      requests:
        cpu: 50m
        memory: 256Mi
      limits:
        memory: 512Mi
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    volumeMounts:
      - name: tmp
        mountPath: /tmp
      {{- if $claim }}
      - name: backups
        mountPath: /backups
      {{- end }}
      {{- if $root.Values.tls.enabled }}
      - name: tls
        mountPath: /etc/eckermann-tls
        readOnly: true
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- with $claim }}
  - name: backups
    persistentVolumeClaim:
      claimName: {{ . }}
  {{- end }}
  {{- if $root.Values.tls.enabled }}
  - name: tls
    secret:
      secretName: {{ include "eckermann.tlsSecret" $root }}
      defaultMode: 0440
      {{- if not $root.Values.security.enabled }}
      items:
        - key: ca.crt
          path: ca.crt
      {{- end }}
  {{- end }}
{{- end -}}
