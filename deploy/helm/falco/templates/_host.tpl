{{/* What of the node is mounted: volumes, and where the container has them. */}}

{{/* Folders of the sockets of container engines, each once, as YAML. */}}
{{- define "falco.socketFolders" -}}
{{- $folders := list -}}
{{- if include "falco.asksEngines" . -}}
{{- range $name, $engine := .Values.collectors.containerEngine.engines -}}
{{- if $engine.enabled -}}
{{- range $engine.sockets -}}
{{- $folders = append $folders (dir .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $folders | uniq | sortAlpha | toYaml -}}
{{- end -}}

{{- define "falco.hostVolumes" -}}
{{- if .Values.driver.enabled }}
- name: host-proc
  hostPath:
    path: /proc
- name: host-etc
  hostPath:
    path: /etc
{{- if .Values.driver.modernEbpf.sysfsMount }}
- name: sysfs
  hostPath:
    path: {{ .Values.driver.sysfsMountPath }}
{{- end }}
{{- end }}
{{- range $i, $folder := include "falco.socketFolders" . | fromYamlArray }}
- name: engine-sockets-{{ $i }}
  hostPath:
    path: {{ $folder }}
{{- end }}
{{- end -}}

{{- define "falco.hostMounts" -}}
{{- if .Values.driver.enabled }}
- name: host-proc
  mountPath: /host/proc
  readOnly: true
- name: host-etc
  mountPath: /host/etc
  readOnly: true
{{- if .Values.driver.modernEbpf.sysfsMount }}
- name: sysfs
  mountPath: {{ .Values.driver.sysfsMountPath }}
  readOnly: true
{{- end }}
{{- end }}
{{- range $i, $folder := include "falco.socketFolders" . | fromYamlArray }}
- name: engine-sockets-{{ $i }}
  mountPath: /host{{ $folder }}
  readOnly: true
{{- end }}
{{- end -}}

{{/* In: a path, the values. Whether a mount of the user's own holds it. */}}
{{- define "falco.hasMount" -}}
{{- range .values.mounts.volumeMounts -}}
{{- if or (eq .mountPath $.path) (hasPrefix (printf "%s/" (trimSuffix "/" .mountPath)) $.path) -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/* In: the same. Whether a mount of the user's own lies in it. */}}
{{- define "falco.hasMountBelow" -}}
{{- range .values.mounts.volumeMounts -}}
{{- if hasPrefix (printf "%s/" $.path) .mountPath -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/* Files that falco writes by its settings and that no volume holds, separated by commas. */}}
{{- define "falco.unmountedFiles" -}}
{{- $files := list -}}
{{- with .Values.falco -}}
{{- if include "falco.isOn" .file_output -}}{{- $files = append $files (default "./events.txt" .file_output.filename) -}}{{- end -}}
{{- if include "falco.isOn" .capture -}}{{- $files = append $files (default "/tmp/falco" .capture.path_prefix) -}}{{- end -}}
{{- if include "falco.isOn" .spool -}}{{- $files = append $files (default "/var/lib/falco/spool" .spool.directory) -}}{{- end -}}
{{- if include "falco.isOn" .metrics -}}{{- with .metrics.output_file -}}{{- $files = append $files . -}}{{- end -}}{{- end -}}
{{- range .sinks -}}
{{- if eq .type "file" -}}{{- $files = append $files (default "./events.txt" .filename) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $left := list -}}
{{- range $files -}}
{{- $path := clean (ternary . (printf "/%s" .) (hasPrefix "/" .)) -}}
{{- if not (include "falco.hasMount" (dict "path" $path "values" $.Values)) -}}{{- $left = append $left $path -}}{{- end -}}
{{- end -}}
{{- join "," $left -}}
{{- end -}}

{{/* But for /tmp, which is a volume that ends with the pod. */}}
{{- define "falco.writesToRoot" -}}
{{- range splitList "," (include "falco.unmountedFiles" .) -}}
{{- if and . (not (hasPrefix "/tmp/" .)) -}}true{{- end -}}
{{- end -}}
{{- end -}}
