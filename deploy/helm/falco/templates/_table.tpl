{{/* values_table.yaml at work: looking values up by their names, what is refused, what has no effect. */}}

{{- define "falco.table" -}}
{{- .Files.Get "values_table.yaml" -}}
{{- end -}}

{{/* In: values, and a name with dots. Out: in `found`, whether it is there (`is`) and its value. */}}
{{- define "falco.find" -}}
{{- $at := .values -}}
{{- $is := true -}}
{{- range $key := splitList "." .name -}}
{{- if not (and $is (kindIs "map" $at)) -}}
{{- $is = false -}}
{{- else if hasKey $at $key -}}
{{- $at = get $at $key -}}
{{- else -}}
{{- $is = false -}}
{{- end -}}
{{- end -}}
{{- $_ := set .found "is" (and $is (not (kindIs "invalid" $at))) -}}
{{- $_ := set .found "value" $at -}}
{{- end -}}

{{/*
What would lose a detection or an alert, all of it at once.
In Falco's chart the plugins of falco.load_plugins are loaded; here all of falco.plugins are where that is absent.
*/}}
{{- define "falco.refusals" -}}
{{- $table := include "falco.table" . | fromYaml -}}
{{- $refused := list -}}
{{- range $row := concat $table.values $table.undeclared -}}
{{- if $row.allowed -}}
{{- $found := dict -}}
{{- include "falco.find" (dict "values" $.Values "name" $row.name "found" $found) -}}
{{- $condition := dict -}}
{{- include "falco.find" (dict "values" $.Values "name" (default "" $row.when) "found" $condition) -}}
{{- if and $found.is (or (not $condition.is) $condition.value) -}}
{{- range $item := (kindIs "slice" $found.value | ternary $found.value (list $found.value)) -}}
{{- if not (regexMatch $row.allowed (toString $item)) -}}
{{- $refused = append $refused (printf "%s is %q: %s" $row.name (toString $item) $row.reason) -}}
{{- end -}}
{{- end -}}
{{- else if and (eq $row.name "falco.load_plugins") (not $found.is) -}}
{{- range $plugin := $.Values.falco.plugins -}}
{{- if not (regexMatch $row.allowed $plugin.name) -}}
{{- $refused = append $refused (printf "falco.plugins has %q: %s" $plugin.name $row.reason) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name := include "falco.lostTogether" . | fromYamlArray -}}
{{- $refused = append $refused (get $table.together $name) -}}
{{- end -}}
{{- if $refused -}}
{{- fail (printf "these values would lose detections or alerts:\n- %s" (join "\n- " $refused)) -}}
{{- end -}}
{{- end -}}

{{/* Names of `together` in the table, as YAML. */}}
{{- define "falco.lostTogether" -}}
{{- $lost := list -}}
{{- with .Values.falco -}}
{{- $read := printf "%s,%s" (join "," .rules_files) (join "," $.Values.extra.args) -}}
{{- if and $.Values.customRules (not (regexMatch "(^|[,=])/etc/falco/rules\\.d(/|,|$)" $read)) -}}
{{- $lost = append $lost "rules_folder" -}}
{{- end -}}
{{- if and $.Values.customRules (include "falco.hasMountBelow" (dict "path" "/etc/falco/rules.d" "values" $.Values)) -}}
{{- $lost = append $lost "rules_below" -}}
{{- end -}}
{{- if and (include "falco.isOn" .program_output) (hasSuffix (printf "falco:%s" $.Chart.AppVersion) (include "falco.image" $)) -}}
{{- $lost = append $lost "no_shell" -}}
{{- end -}}
{{- if and (include "falco.isOn" .http_output) (not .http_output.url) -}}
{{- $lost = append $lost "no_url" -}}
{{- end -}}
{{- $others := or .sinks (include "falco.isOn" .stdout_output) (include "falco.isOn" .file_output) -}}
{{- $others = or $others (include "falco.isOn" .http_output) (include "falco.isOn" .program_output) -}}
{{- $others = or $others (include "falco.hasMount" (dict "path" "/dev/log" "values" $.Values)) -}}
{{- if and (include "falco.isOn" .syslog_output) (not $others) -}}
{{- $lost = append $lost "no_syslog" -}}
{{- end -}}
{{- end -}}
{{- if and (include "falco.isFalcosImage" .) (not (include "falco.isFalcosRegistry" .)) -}}
{{- $lost = append $lost "falcos_image" -}}
{{- end -}}
{{- if and (include "falco.makesClientSecret" .) (not .Values.certs.ca.crt) -}}
{{- $lost = append $lost "no_authority" -}}
{{- end -}}
{{- toYaml $lost -}}
{{- end -}}

{{/* In: a section of falco.yaml, which may be absent. */}}
{{- define "falco.isOn" -}}
{{- with . -}}{{- if .enabled -}}true{{- end -}}{{- end -}}
{{- end -}}

{{/* Sections and settings without effect that are not as Falco has them: names and reasons, as YAML. */}}
{{- define "falco.withoutEffect" -}}
{{- $table := include "falco.table" . | fromYaml -}}
{{- $named := dict -}}
{{- range $row := $table.values -}}
{{- $found := dict -}}
{{- include "falco.find" (dict "values" $.Values "name" $row.name "found" $found) -}}
{{- if and $found.is (ne (toJson $found.value) (toJson $row.default)) -}}
{{- range $name, $reason := $table.harmless -}}
{{- if or (eq $row.name $name) (hasPrefix (printf "%s." $name) $row.name) -}}
{{- $_ := set $named $name $reason -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $reason := $table.former -}}
{{- $found := dict -}}
{{- include "falco.find" (dict "values" $.Values "name" $name "found" $found) -}}
{{- if $found.is -}}
{{- $_ := set $named $name $reason -}}
{{- end -}}
{{- end -}}
{{- $settings := include "falco.settings" . | fromYaml -}}
{{- range $row := .Files.Get "idle_settings.yaml" | fromYamlArray -}}
{{- $found := dict -}}
{{- include "falco.find" (dict "values" $settings "name" $row.name "found" $found) -}}
{{- if and $found.is (ne (toJson $found.value) (toJson $row.default)) -}}
{{- $_ := set $named (printf "falco.%s" $row.name) $row.reason -}}
{{- end -}}
{{- end -}}
{{- toYaml $named -}}
{{- end -}}
