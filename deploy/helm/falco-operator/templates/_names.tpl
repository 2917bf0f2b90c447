{{/* Names and labels of everything that the chart makes, and the image. */}}

{{- define "operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "operator.fullname" -}}
{{- $name := include "operator.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* A selector cannot be changed: these are the labels of the chart of Falco's operator, which this one may take the place of. */}}
{{- define "operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: falco
control-plane: falco-operator
{{- end -}}

{{- define "operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{ include "operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "operator.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Values that were made for Falco's operator name its image, which is another program. */}}
{{- define "operator.image" -}}
{{- $tag := default .Chart.AppVersion .Values.image.tag -}}
{{- if regexMatch "(^|/)falcosecurity/falco-operator$" .Values.image.repository -}}
{{- printf "falco:%s" .Chart.AppVersion -}}
{{- else if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository $tag -}}
{{- end -}}
{{- end -}}

{{/* What would be lost without a word. */}}
{{- define "operator.refused" -}}
{{- range .Values.extraArgs -}}
{{- if not (hasPrefix "--leader-elect" .) -}}
{{- fail (printf "extraArgs: %s is a flag of Falco's operator, which this program does not have" .) -}}
{{- end -}}
{{- end -}}
{{- if .Values.extraObjects -}}
{{- fail "extraObjects: this chart makes no other objects; apply them by kubectl" -}}
{{- end -}}
{{- end -}}
