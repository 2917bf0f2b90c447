{{/* Secrets with keys and certificates: of the web server below /etc/falco/certs, of http_output in its folder client. */}}

{{- define "falco.makesServerSecret" -}}
{{- if and .Values.certs.server.key .Values.certs.server.crt (not .Values.certs.existingSecret) -}}true{{- end -}}
{{- end -}}

{{- define "falco.makesClientSecret" -}}
{{- if and .Values.certs.client.key .Values.certs.client.crt (not .Values.certs.existingClientSecret) -}}true{{- end -}}
{{- end -}}

{{/* Of one volume, because a folder cannot be mounted into a mounted secret. */}}
{{- define "falco.certificateSources" -}}
{{- if or .Values.certs.existingSecret (include "falco.makesServerSecret" .) -}}
- secret:
    name: {{ default (printf "%s-certs" (include "falco.fullname" .)) .Values.certs.existingSecret }}
{{ end -}}
{{- if or .Values.certs.existingClientSecret (include "falco.makesClientSecret" .) -}}
- secret:
    name: {{ default (printf "%s-client-certs" (include "falco.fullname" .)) .Values.certs.existingClientSecret }}
    items:
      {{- range list "client.key" "client.crt" "ca.crt" }}
      - key: {{ . }}
        path: client/{{ . }}
      {{- end }}
{{- end -}}
{{- end -}}
