// The door of config/: what other packages may use of it. What it is for: README.md.

export { checkSettingsText, type SettingsFinding } from "./check_text.ts";
export { containerConfig } from "./containers.ts";
export { type Definition, type Definitions, type RecordOf, text } from "./definition.ts";
export { type Fault, FAULT_KINDS, faults, newFaults } from "./faults.ts";
export {
  type EventSources,
  type JsonInput,
  type JsonInputPlan,
  K8S_AUDIT,
  planSources,
  SYSCALL,
  SYSCALLS_ALONE,
} from "./json_sources.ts";
export { SECTIONS } from "./keys/sections.ts";
export { type KubernetesConfig, kubernetesConfig } from "./kubernetes.ts";
export { type LoadedSettings, loadSettings } from "./load.ts";
export { MAX_QUEUE_BYTES } from "./queue_limits.ts";
export { type AddedOutput, ruleSettings } from "./rule_settings.ts";
export { type RulesFiles, rulesFiles } from "./rules_files.ts";
export { configSchema, pluginSchema, writtenDefault } from "./schema.ts";
export { defaultSettings, ringBytes, type SettingKey, SETTINGS, type Settings } from "./settings.ts";
export type { ALERTMANAGER } from "./sinks/alertmanager.ts";
export { SINK_KEYS } from "./sinks/common.ts";
export type { ELASTICSEARCH } from "./sinks/elasticsearch.ts";
export type { KAFKA } from "./sinks/kafka.ts";
export type { LOKI } from "./sinks/loki.ts";
export type { MQTT } from "./sinks/mqtt.ts";
export type { NATS } from "./sinks/nats.ts";
export type { NETWORK_SINK_TYPES } from "./sinks/network_types.ts";
export type { OTLP } from "./sinks/otlp.ts";
export type { REDIS } from "./sinks/redis.ts";
export type { SinkType } from "./sinks/sink_type.ts";
export { FACILITIES } from "./sinks/syslog.ts";
export { SINK_TYPES, type SinkTypeName } from "./sinks/types.ts";
export { unmatchedSettings } from "./unmatched_settings.ts";
export { expected } from "./value_words.ts";
