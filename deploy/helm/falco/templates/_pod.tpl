{{/* The pod, the same for the DaemonSet and the Deployment. */}}

{{- define "falco.pod" -}}
metadata:
  labels:
    {{- include "falco.selectorLabels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    kubectl.kubernetes.io/default-container: falco
    checksum/restart: {{ include "falco.restartChecksum" . }}
    {{- if include "falco.isLeastPrivileged" . }}
    {{- if not (include "falco.hasAppArmorField" .) }}
    container.apparmor.security.beta.kubernetes.io/falco: unconfined
    {{- end }}
    {{- end }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "falco.serviceAccountName" . }}
  automountServiceAccountToken: {{ eq (include "falco.asksKubernetes" .) "true" }}
  {{- with default .Values.falco.podHostname .Values.podHostname }}
  hostname: {{ . }}
  {{- end }}
  {{- with .Values.podPriorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.podSecurityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.extra.initContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: falco
      image: {{ include "falco.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - /usr/bin/falco
        - -c
        - /etc/falco/configmap/falco.yaml
        {{- with .Values.extra.args }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      env:
        - name: HOST_ROOT
          value: /host
        {{- if include "falco.setsHostname" . }}
        - name: FALCO_HOSTNAME
          valueFrom:
            fieldRef:
              fieldPath: spec.nodeName
        {{- end }}
        - name: FALCO_K8S_NODE_NAME
          valueFrom:
            fieldRef:
              fieldPath: spec.nodeName
        {{- with .Values.extra.env }}
        {{- tpl (toYaml .) $ | nindent 8 }}
        {{- end }}
      {{- if .Values.tty }}
      tty: true
      {{- end }}
      {{- include "falco.probes" . | nindent 6 }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        {{- include "falco.securityContext" . | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/falco/configmap
          readOnly: true
        {{- if include "falco.mountsRules" . }}
        - name: rules
          mountPath: /etc/falco/rules.d
          readOnly: true
        {{- end }}
        {{- if include "falco.mountsArtifacts" . }}
        - name: artifacts
          mountPath: /var/lib/falco/artifacts
        {{- end }}
        - name: tmp
          mountPath: /tmp
        {{- include "falco.hostMounts" . | nindent 8 }}
        {{- if include "falco.certificateSources" . }}
        - name: certificates
          mountPath: /etc/falco/certs
          readOnly: true
        {{- end }}
        {{- with .Values.mounts.volumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "falco.fullname" . }}
    {{- if include "falco.mountsRules" . }}
    - name: rules
      configMap:
        name: {{ include "falco.fullname" . }}-rules
    {{- end }}
    {{- if include "falco.mountsArtifacts" . }}
    - name: artifacts
      emptyDir: {}
    {{- end }}
    - name: tmp
      emptyDir: {}
    {{- include "falco.hostVolumes" . | nindent 4 }}
    {{- with include "falco.certificateSources" . }}
    - name: certificates
      projected:
        sources:
          {{- . | nindent 10 }}
    {{- end }}
    {{- with .Values.mounts.volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/*
Also without rules, so that the first ones roll no pods; but not over a volume of the user's own, nor where a file of one
(subPath) would have to be made in it.
*/}}
{{- define "falco.mountsRules" -}}
{{- $place := dict "path" "/etc/falco/rules.d" "values" .Values -}}
{{- $isMounted := or (include "falco.hasMount" $place) (include "falco.hasMountBelow" $place) -}}
{{- if or .Values.customRules (not $isMounted) -}}true{{- end -}}
{{- end -}}

{{- define "falco.probes" -}}
{{- with .Values.falco.webserver -}}
{{- if or .enabled $.Values.metrics.enabled -}}
ports:
  - name: web
    containerPort: {{ .listen_port }}
    protocol: TCP
{{- range $name := list "startupProbe" "livenessProbe" "readinessProbe" }}
{{ $name }}:
  {{- toYaml (get $.Values.healthChecks $name) | nindent 2 }}
  httpGet:
    path: {{ $.Values.falco.webserver.k8s_healthz_endpoint }}
    port: web
    {{- if $.Values.falco.webserver.ssl_enabled }}
    scheme: HTTPS
    {{- end }}
{{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Not twice: an entry of the user's own wins. */}}
{{- define "falco.setsHostname" -}}
{{- $isGiven := not .Values.falcoHostnameEnv -}}
{{- range .Values.extra.env -}}
{{- if eq .name "FALCO_HOSTNAME" -}}{{- $isGiven = true -}}{{- end -}}
{{- end -}}
{{- if not $isGiven -}}true{{- end -}}
{{- end -}}

{{- define "falco.isLeastPrivileged" -}}
{{- if and .Values.driver.enabled .Values.driver.modernEbpf.leastPrivileged (not .Values.containerSecurityContext) -}}true{{- end -}}
{{- end -}}

{{- define "falco.hasAppArmorField" -}}
{{- if semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version -}}true{{- end -}}
{{- end -}}

{{/*
BPF and PERFMON load the probe; SYS_PTRACE reads the open files of processes that run already; DAC_READ_SEARCH reads
what belongs to other users. The profiles of runtimes for seccomp and AppArmor forbid these in part.
*/}}
{{- define "falco.securityContext" -}}
{{- if .Values.containerSecurityContext -}}
{{- toYaml .Values.containerSecurityContext -}}
{{- else if include "falco.isLeastPrivileged" . -}}
runAsUser: 0
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ not (include "falco.writesToRoot" .) }}
capabilities:
  drop: [ALL]
  add: [BPF, PERFMON, SYS_PTRACE, DAC_READ_SEARCH]
seccompProfile:
  type: Unconfined
{{- if include "falco.hasAppArmorField" . }}
appArmorProfile:
  type: Unconfined
{{- end }}
{{- else if .Values.driver.enabled -}}
privileged: true
{{- else -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ not (include "falco.writesToRoot" .) }}
capabilities:
  drop: [ALL]
{{- end -}}
{{- end -}}
