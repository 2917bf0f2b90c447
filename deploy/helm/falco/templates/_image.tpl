{{/*
The image of falco. Values that were made for Falco's chart name Falco's own image, which is another program: in its
registries it means this chart's image, elsewhere it is refused (_table.tpl).
*/}}

{{- define "falco.image" -}}
{{- if include "falco.isFalcosImage" . -}}
{{- printf "falco:%s" (include "falco.ownTag" .) -}}
{{- else -}}
{{- $tag := default (include "falco.ownTag" .) .Values.image.tag -}}
{{- if .Values.image.registry -}}
{{- printf "%s/%s:%s" .Values.image.registry .Values.image.repository $tag -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository $tag -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* As scripts/image.ts names it: what programs of outputs need is in the variant with tools. */}}
{{- define "falco.ownTag" -}}
{{- .Chart.AppVersion -}}{{- if include "falco.isOn" .Values.falco.program_output -}}-tools{{- end -}}
{{- end -}}

{{- define "falco.isFalcosImage" -}}
{{- if regexMatch "(^|/)falcosecurity/falco(-[a-z-]+)?$" .Values.image.repository -}}true{{- end -}}
{{- end -}}

{{- define "falco.isFalcosRegistry" -}}
{{- $name := printf "%s/%s" .Values.image.registry .Values.image.repository -}}
{{- if regexMatch "^/*((docker\\.io|index\\.docker\\.io|ghcr\\.io|public\\.ecr\\.aws)/+)?falcosecurity/" $name -}}true{{- end -}}
{{- end -}}
