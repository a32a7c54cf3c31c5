{{/* What a pod is made of that runs the command line once: root, and script, which sh reads. */}}
{{- define "eckermann.tool" -}}
{{- $root := .root -}}
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
      {{- if $root.Values.tls.enabled }}
      - name: tls
        mountPath: /etc/eckermann-tls
        readOnly: true
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {}
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
