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
