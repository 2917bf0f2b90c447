{{/*
falco.yaml: what is below `falco`, and what other values say about the same things. What is below `falco` wins.
*/}}

{{- define "falco.settings" -}}
{{- $settings := dict "engine" (include "falco.engineSettings" . | fromYaml) -}}
{{- if .Values.metrics.enabled -}}
{{- $_ := set $settings "metrics" (include "falco.metricsSettings" . | fromYaml) -}}
{{- end -}}
{{- if .Values.collectors.kubernetes.enabled -}}
{{- $_ := set $settings "metadata" (dict "kubernetes" (dict "enabled" true)) -}}
{{- end -}}
{{- with include "falco.artifactSettings" . | fromYaml -}}
{{- $_ := set $settings "artifacts" . -}}
{{- end -}}
{{- $settings = mergeOverwrite $settings (omit (deepCopy .Values.falco) "podHostname") -}}
{{- if .Values.metrics.enabled -}}
{{- $web := dict "enabled" true "prometheus_metrics_enabled" true -}}
{{- $_ := set $settings "webserver" (mergeOverwrite (deepCopy .Values.falco.webserver) $web) -}}
{{- end -}}
{{- if not (include "falco.hasMount" (dict "path" "/dev/log" "values" .Values)) -}}
{{- $_ := set $settings "syslog_output" (dict "enabled" false) -}}
{{- $_ := set $settings "log_syslog" false -}}
{{- end -}}
{{- $_ := set $settings "rules_files" (include "falco.rulesFiles" . | fromYamlArray) -}}
{{- $plugins := default list .Values.falco.plugins -}}
{{- $isConfigured := false -}}
{{- range $plugins -}}
{{- if eq .name "container" -}}{{- $isConfigured = true -}}{{- end -}}
{{- end -}}
{{- if not $isConfigured -}}
{{- $_ := set $settings "plugins" (append $plugins (include "falco.containerPlugin" . | fromYaml)) -}}
{{- if .Values.falco.load_plugins -}}
{{- $_ := set $settings "load_plugins" (append .Values.falco.load_plugins "container") -}}
{{- else if hasKey .Values.falco "load_plugins" -}}
{{- $_ := set $settings "load_plugins" (list "container") -}}
{{- end -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* What falcoctl's values become: artifacts that are inside falco already are left out. */}}
{{- define "falco.artifactSettings" -}}
{{- $table := include "falco.table" . | fromYaml -}}
{{- $settings := dict -}}
{{- range $verb := list "install" "follow" -}}
{{- $found := dict -}}
{{- include "falco.find" (dict "values" $.Values "name" (printf "falcoctl.artifact.%s.enabled" $verb) "found" $found) -}}
{{- if or (not $found.is) $found.value -}}
{{- $refs := list -}}
{{- include "falco.find" (dict "values" $.Values "name" (printf "falcoctl.config.artifact.%s.refs" $verb) "found" $found) -}}
{{- if $found.is -}}
{{- range $ref := $found.value -}}
{{- if not (regexMatch $table.inside (toString $ref)) -}}{{- $refs = append $refs $ref -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if $refs -}}{{- $_ := set $settings $verb $refs -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if $settings -}}
{{- range $name, $value := dict "indexes" "indexes" "allowed_types" "artifact.allowedTypes" "resolve_deps" "artifact.install.resolveDeps" "follow_every" "artifact.follow.every" "follow_cron" "artifact.follow.cron" -}}
{{- $found := dict -}}
{{- include "falco.find" (dict "values" $.Values "name" (printf "falcoctl.config.%s" $value) "found" $found) -}}
{{- if $found.is -}}{{- $_ := set $settings $name $found.value -}}{{- end -}}
{{- end -}}
{{- if not (hasKey $settings "indexes") -}}
{{- $_ := set $settings "indexes" (list (dict "name" "falcosecurity" "url" "https://falcosecurity.github.io/falcoctl/index.yaml")) -}}
{{- end -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* A folder for artifacts, unless the user has mounted one. */}}
{{- define "falco.mountsArtifacts" -}}
{{- $settings := include "falco.settings" . | fromYaml -}}
{{- $isMounted := include "falco.hasMount" (dict "path" "/var/lib/falco/artifacts" "values" .Values) -}}
{{- if and $settings.artifacts (not $isMounted) -}}true{{- end -}}
{{- end -}}

{{/*
The chart's default names the files about system calls. A receiver of audit events needs those about audit events, and
without system calls no others. Where somebody names a file of audit rules, or not the default, that counts.
*/}}
{{- define "falco.rulesFiles" -}}
{{- $files := list -}}
{{- $isAudit := include "falco.hearsAudit" . -}}
{{- $default := "/etc/falco/falco_rules.yaml" -}}
{{- if contains "k8s_audit_rules" (join "," .Values.falco.rules_files) -}}{{- $isAudit = "" -}}{{- end -}}
{{- range .Values.falco.rules_files -}}
{{- if and $isAudit (eq . $default) -}}
{{- if $.Values.driver.enabled -}}{{- $files = append $files . -}}{{- end -}}
{{- $files = append $files "/etc/falco/k8s_audit_rules.yaml" -}}
{{- else -}}
{{- $files = append $files . -}}
{{- end -}}
{{- end -}}
{{- toYaml $files -}}
{{- end -}}

{{- define "falco.hearsAudit" -}}
{{- if has "k8saudit" (default list .Values.falco.load_plugins) -}}true{{- end -}}
{{- end -}}

{{- define "falco.engineSettings" -}}
{{- if .Values.driver.enabled -}}
{{- $buffers := ternary .Values.driver.kmod .Values.driver.modernEbpf (has .Values.driver.kind (list "kmod" "module")) -}}
kind: modern_ebpf
modern_ebpf:
  buf_size_preset: {{ $buffers.bufSizePreset }}
  cpus_for_each_buffer: {{ .Values.driver.modernEbpf.cpusForEachBuffer }}
  drop_failed_exit: {{ $buffers.dropFailedExit }}
  disable_iterators: {{ .Values.driver.modernEbpf.disableIterators }}
{{- else -}}
kind: nodriver
{{- end -}}
{{- end -}}

{{- define "falco.metricsSettings" -}}
{{- with .Values.metrics -}}
enabled: true
interval: {{ .interval | quote }}
output_rule: {{ .outputRule }}
rules_counters_enabled: {{ .rulesCountersEnabled }}
resource_utilization_enabled: {{ .resourceUtilizationEnabled }}
state_counters_enabled: {{ .stateCountersEnabled }}
kernel_event_counters_enabled: {{ .kernelEventCountersEnabled }}
kernel_event_counters_per_cpu_enabled: {{ .kernelEventCountersPerCPUEnabled }}
kernel_iter_event_counters_enabled: {{ .kernelIterEventCountersEnabled }}
jemalloc_stats_enabled: {{ .jemallocStatsEnabled }}
libbpf_stats_enabled: {{ .libbpfStatsEnabled }}
plugins_metrics_enabled: {{ .pluginsMetricsEnabled }}
convert_memory_to_mb: {{ .convertMemoryToMB }}
include_empty_values: {{ .includeEmptyValues }}
{{- end -}}
{{- end -}}

{{/* Built in, not a file: the name of the library is what Falco's users know. */}}
{{- define "falco.containerPlugin" -}}
name: container
library_path: libcontainer.so
init_config:
  label_max_len: {{ .Values.collectors.containerEngine.labelMaxLen }}
  with_size: {{ .Values.collectors.containerEngine.withSize }}
  hooks:
    {{- toYaml .Values.collectors.containerEngine.hooks | nindent 4 }}
  engines:
    {{- if include "falco.asksEngines" . }}
    {{- toYaml .Values.collectors.containerEngine.engines | nindent 4 }}
    {{- else }}
    {{- range list "docker" "podman" "containerd" "cri" }}
    {{ . }}:
      enabled: false
    {{- end }}
    {{- end }}
{{- end -}}

{{- define "falco.asksEngines" -}}
{{- if and .Values.driver.enabled .Values.collectors.enabled .Values.collectors.containerEngine.enabled -}}true{{- end -}}
{{- end -}}

{{/* The API of Kubernetes, with the service account's token. */}}
{{- define "falco.asksKubernetes" -}}
{{- if or .Values.collectors.kubernetes.enabled (has "k8smeta" (default list .Values.falco.load_plugins)) -}}true{{- end -}}
{{- end -}}

{{/*
What running pods cannot take up (docs/reload.md), so that a change of it has to roll them: what is watched at all, and
the content of certificates. Without watch_config_files they take up nothing.
*/}}
{{- define "falco.restartChecksum" -}}
{{- $settings := include "falco.settings" . | fromYaml -}}
{{- $parts := list (get $settings.engine "kind") (toJson .Values.certs) -}}
{{- if not (include "falco.takesChanges" .) -}}
{{- $parts = append $parts (toJson (list $settings .Values.customRules)) -}}
{{- end -}}
{{- join "," $parts | sha256sum -}}
{{- end -}}

{{/* Of settings and rules, while it runs. */}}
{{- define "falco.takesChanges" -}}
{{- if ne (toString .Values.falco.watch_config_files) "false" -}}true{{- end -}}
{{- end -}}
