{{/* The first part of all names. */}}
{{- define "sagaworks.name" -}}
{{- if contains "sagaworks" .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- else -}}{{ printf "%s-sagaworks" .Release.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{/* What the modules declare. */}}
{{- define "sagaworks.platform" -}}
{{ .Files.Get "files/platform.json" }}
{{- end -}}

{{/* The roles that are deployed, as `roles:` in JSON. */}}
{{- define "sagaworks.roles" -}}
{{- $platform := include "sagaworks.platform" . | fromJson -}}
{{- dict "roles" (ternary (list $platform.all) $platform.roles .Values.singleProcess) | toJson -}}
{{- end -}}

{{- define "sagaworks.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "sagaworks.selector" -}}
app.kubernetes.io/name: sagaworks
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "sagaworks.labels" -}}
{{ include "sagaworks.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{/* The Secret with the variables. */}}
{{- define "sagaworks.secret" -}}
{{- if .Values.secrets.existing -}}
{{ .Values.secrets.existing }}
{{- else if .Values.infrastructure.enabled -}}
{{ include "sagaworks.name" . }}
{{- else -}}
{{- fail "Set secrets.existing to the name of a Secret with the variables of the processes, or infrastructure.enabled=true to try it out (docs/kubernetes.md)" -}}
{{- end -}}
{{- end -}}

{{/* The settings of a role: those of `process`, and its own. Call with (list $ role). */}}
{{- define "sagaworks.process" -}}
{{- $root := index . 0 -}}{{- $role := index . 1 -}}
{{- mergeOverwrite (deepCopy $root.Values.process) (get $root.Values.roles $role.name | default dict) | toJson -}}
{{- end -}}

{{- define "sagaworks.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "sagaworks.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Where the variables of a container come from: settings from the values, secrets from files. */}}
{{- define "sagaworks.environment" -}}
{{- $root := . -}}
env:
  - { name: HOST, value: 0.0.0.0 }
  - { name: PORT, value: '3000' }
  - { name: INTERNAL_PORT, value: '9464' }
  - { name: SECRETS_DIRECTORY, value: /etc/sagaworks/secrets }
  {{- if and $root.Values.infrastructure.enabled (not (hasKey $root.Values.settings "TEMPORAL_ADDRESS")) }}
  - { name: TEMPORAL_ADDRESS, value: {{ include "sagaworks.name" $root }}-temporal:7233 }
  {{- end }}
  {{- if and $root.Values.infrastructure.enabled (not (hasKey $root.Values.settings "EMAIL_CHANGE_URL")) }}
  # The keys are generated, too. Without an ingress, callers come through the port that NOTES.txt forwards.
  {{- $ingress := $root.Values.ingress }}
  {{- $origin := "http://127.0.0.1:3000" }}
  {{- if and $ingress.enabled $ingress.host }}{{ $origin = printf "%s://%s" (ternary "https" "http" (ne $ingress.tlsSecret "")) $ingress.host }}{{ end }}
  - { name: EMAIL_CHANGE_URL, value: '{{ $origin }}/email-changes' }
  {{- end }}
  {{- range $variable, $value := $root.Values.settings }}
  - { name: {{ $variable }}, value: {{ $value | toString | quote }} }
  {{- end }}
  {{- range $system, $files := $root.Values.tls }}
  {{- if $files.ca }}
  - { name: {{ upper $system }}_TLS_CA_FILE, value: /etc/sagaworks/tls/{{ $system }}/ca.crt }
  {{- end }}
  {{- if $files.client }}
  - { name: {{ upper $system }}_TLS_CERT_FILE, value: /etc/sagaworks/tls/{{ $system }}/tls.crt }
  - { name: {{ upper $system }}_TLS_KEY_FILE, value: /etc/sagaworks/tls/{{ $system }}/tls.key }
  {{- end }}
  {{- end }}
volumeMounts:
  - { name: tmp, mountPath: /tmp }
  - { name: secrets, mountPath: /etc/sagaworks/secrets, readOnly: true }
  {{- range $system, $files := $root.Values.tls }}
  {{- if $files.secret }}
  - { name: tls-{{ $system }}, mountPath: /etc/sagaworks/tls/{{ $system }}, readOnly: true }
  {{- end }}
  {{- end }}
{{- end -}}

{{/* The volumes for it. Call with (list $ names): the secrets by name; without names, all of them. */}}
{{- define "sagaworks.volumes" -}}
{{- $root := index . 0 -}}{{- $names := index . 1 -}}
- name: tmp
  emptyDir: { sizeLimit: 64Mi }
- name: secrets
  secret:
    secretName: {{ include "sagaworks.secret" $root }}
    defaultMode: 0440
    # The process itself says which secrets are missing.
    optional: true
    {{- with $names }}
    items:
      {{- range . }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
    {{- end }}
{{- range $system, $files := $root.Values.tls }}
{{- if $files.secret }}
- name: tls-{{ $system }}
  secret: { secretName: {{ $files.secret }}, defaultMode: 0440 }
{{- end }}
{{- end }}
{{- if $root.Values.infrastructure.enabled }}
- name: scripts
  configMap: { name: {{ include "sagaworks.name" $root }}-scripts }
{{- end }}
{{- end -}}

{{/* With the infrastructure in the release: waits until what is connected to is there. Call with (list $ systems users). */}}
{{- define "sagaworks.wait" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.infrastructure.enabled }}
{{- $name := include "sagaworks.name" $root }}
initContainers:
  - name: wait
    image: {{ include "sagaworks.image" $root }}
    imagePullPolicy: {{ $root.Values.image.pullPolicy }}
    command: [node, /scripts/wait.mjs]
    args:
      {{- range $system := index . 1 }}
      {{- range dict "postgres" (list 5432) "rabbitmq" (list 5672 15672) "temporal" (list 7233) | dig $system list }}
      - {{ $name }}-{{ $system }}:{{ . }}
      {{- end }}
      {{- end }}
      {{- range index . 2 }}
      - user:{{ . }}
      {{- end }}
    securityContext: {{- include "sagaworks.containerSecurity" $root | nindent 6 }}
    resources: {{- toYaml $root.Values.process.resources | nindent 6 }}
    volumeMounts:
      - { name: scripts, mountPath: /scripts, readOnly: true }
      - { name: secrets, mountPath: /etc/sagaworks/secrets, readOnly: true }
{{- end }}
{{- end -}}

{{/* The jobs as roles, for their network policies, as `roles:` in JSON. */}}
{{- define "sagaworks.jobRoles" -}}
{{- $systems := list "postgres" "rabbitmq" "temporal" -}}
{{- dict "roles" (list (dict "name" "prepare" "connectsTo" $systems) (dict "name" "deploy-check" "connectsTo" $systems)) | toJson -}}
{{- end -}}
