// Which test shows what a key of the configuration changes: a row for each key that does something.
// A key of a sink is written TYPE:KEY, whether it is below `TYPE_output` or in an entry of `sinks`; `sink:KEY` is one
// that every sink has. That all of them reach their sink is in tests/outputs/sink_plans_test.ts.
// Elsewhere: the check that no key is missing here, and that these tests exist (every_key_observed_test.ts).

export interface Observer {
  /** below tests/ */
  readonly file: string;
  /** the beginning of a test's name, or a part that no other has */
  readonly test: string;
  readonly keys: string;
}

const HTTP_SINKS = ["loki", "elasticsearch", "alertmanager", "otlp"];

/** The same keys of several types of sinks. */
function each(types: readonly string[], ...keys: string[]): string {
  return types.flatMap((type) => keys.map((key) => `${type}:${key}`)).join(" ");
}

const observed = (test: string, keys: string): Observer => ({ file: "config/observed_test.ts", test, keys });
const live = (test: string, keys: string): Observer => ({
  file: "service/observed_live_test.ts",
  test,
  keys,
});
const noise = (test: string, keys: string): Observer => ({
  file: "outputs/noise_control/noise_control_test.ts",
  test,
  keys: keys.split(" ").map((key) => `noise_control.${key}`).join(" "),
});
const sink = (file: string, test: string, keys: string): Observer => ({
  file: `outputs/sinks/${file}_test.ts`,
  test,
  keys,
});
const service = (file: string, test: string, keys: string): Observer => ({
  file: `service/${file}_test.ts`,
  test,
  keys,
});

export const OBSERVERS: readonly Observer[] = [
  // files and rules
  observed("config_files, and an option that beats them", "config_files"),
  service("live_reload", "watch_config_files=false: only SIGHUP reloads", "watch_config_files"),
  observed("rules_files: without any that exists", "rules_files"),
  observed("rules, append_output, static_fields", "rules append_output static_fields"),
  observed("priority", "priority"),

  // artifacts
  service(
    "artifacts/artifact_follower",
    "they are installed and a reload",
    "artifacts.folder artifacts.follow artifacts.registries",
  ),
  service("artifacts/artifact_follower", "a key that cannot be read", "artifacts.signatures"),
  service("artifacts/artifact_settings", "who signs without a key", "artifacts.trusted_root"),
  service("artifacts/kubernetes_artifacts", "inline rules become a file", "artifacts.kubernetes"),
  service(
    "artifacts/artifact_settings",
    "what settings allow and name",
    "artifacts.install artifacts.follow_every artifacts.follow_cron artifacts.allowed_types artifacts.resolve_deps artifacts.indexes artifacts.allow_unverified",
  ),

  // the form of alerts
  observed(
    "json_output, json_include_message_property",
    "json_output json_include_message_property rule_matching time_format_iso_8601 log_level",
  ),
  observed(
    "json_include_output_property, json_include_output_fields_property",
    "json_include_output_property json_include_output_fields_property json_include_tags_property log_stderr",
  ),
  { file: "alerts/template_test.ts", test: "byte buffers are printable", keys: "buffer_format_base64" },
  sink("stdout_sink", "buffered alerts of several turns", "buffered_outputs"),
  {
    file: "outputs/sink_plans_test.ts",
    test: "format, priority, spool and queue_capacity are the plan's",
    keys: "outputs_queue.capacity spool.enabled sink:format sink:spool sink:queue_capacity",
  },
  {
    file: "outputs/sink_queue_test.ts",
    test: "a sink that never answers is given up after its time",
    keys: "output_timeout",
  },
  {
    file: "outputs/sink_queue_test.ts",
    test: "a slow receiver has an end too",
    keys: "output_stop_grace",
  },
  {
    file: "outputs/sink_queue_test.ts",
    test: "a receiver that says 0 is not asked without a pause",
    keys: "output_retry_after_max",
  },
  service("logging/log", "while falco monitors, the log goes to syslog", "log_syslog"),

  // events
  observed("defaults: text alerts", "engine.kind engine.replay.capture_file"),
  live(
    "rings for all CPUs",
    "engine.kernel_filter engine.modern_ebpf.cpus_for_each_buffer engine.modern_ebpf.buf_size_preset " +
      "engine.modern_ebpf.drop_failed_exit base_syscalls.all falco_libs.snaplen webserver.listen_address " +
      "metrics.libbpf_stats_enabled metrics.kernel_event_counters_per_cpu_enabled metrics.rule_costs_enabled",
  ),
  live(
    "kmod's size and failed calls",
    "engine.kmod.buf_size_preset engine.kmod.drop_failed_exit base_syscalls.custom_set",
  ),
  {
    file: "service/loading/io_calls_test.ts",
    test: "base_syscalls.named_io: rules that name calls of high volume",
    keys: "base_syscalls.named_io",
  },
  { file: "sources/interest_test.ts", test: "base_syscalls.repair", keys: "base_syscalls.repair" },
  observed("falco_libs.thread_table_size", "falco_libs.thread_table_size"),
  service("health/event_timeouts", "no event for as many polls", "syscall_event_timeouts.max_consecutives"),
  service("health/drop_actions", "drops up to the threshold", "syscall_event_drops.threshold"),
  service("health/drop_actions", "the action exit", "syscall_event_drops.actions"),
  service(
    "health/drop_actions",
    "actions are taken at once as often as max_burst",
    "syscall_event_drops.rate syscall_event_drops.max_burst",
  ),
  service("health/drop_actions", "simulated drops", "syscall_event_drops.simulate_drops"),

  // captures
  service("capture", "capture: true records what came before", "capture.enabled"),
  service(
    "capture/capture_files",
    "capture.mode, default_duration and before_duration",
    "capture.mode capture.default_duration capture.before_duration",
  ),
  { file: "engine/capture_test.ts", test: "however many matches prolong it", keys: "capture.max_duration" },
  { file: "engine/capture_test.ts", test: "so many captures begin", keys: "capture.max_per_minute" },
  service("capture/capture_files", "capture.max_files", "capture.max_files"),
  service("capture/capture_files", "capture.max_total_mb", "capture.max_total_mb"),
  service("capture/capture_files", "capture.min_free_mb", "capture.min_free_mb"),
  service(
    "capture/capture_files",
    "capture.max_file_size_mb",
    "capture.max_file_size_mb capture.path_prefix",
  ),

  // containers and plugins
  {
    file: "config/structures_test.ts",
    test: "plugins: init_config is a mapping",
    keys: "plugins load_plugins",
  },
  {
    file: "metadata/containers/settings_test.ts",
    test: "init_config of Falco's plugin container",
    keys: "container_engines.docker.enabled container_engines.docker.sockets " +
      "container_engines.podman.enabled container_engines.podman.sockets " +
      "container_engines.containerd.enabled container_engines.containerd.sockets " +
      "container_engines.lxc.enabled container_engines.libvirt_lxc.enabled container_engines.bpm.enabled",
  },
  {
    file: "metadata/containers/settings_test.ts",
    test: "container_engines of older configurations",
    keys: "container_engines.cri.enabled container_engines.cri.sockets",
  },
  {
    file: "live/container_start_test.ts",
    test: "alerts of short-lived containers",
    keys: "metadata.wait_ms",
  },

  // other sources
  {
    file: "config/observed_sources_test.ts",
    test: "observed: k8s_audit_endpoint",
    keys: "k8s_audit_endpoint",
  },
  { file: "config/observed_sources_test.ts", test: "observed: entries of sources", keys: "sources" },
  {
    file: "config/observed_sources_test.ts",
    test: "observed: metadata.kubernetes.*",
    keys: "metadata.kubernetes.enabled metadata.kubernetes.url metadata.kubernetes.node_name " +
      "metadata.kubernetes.token_file metadata.kubernetes.ca_file",
  },

  // sinks of Falco's sections
  observed(
    "stdout_output.enabled, file_output.enabled",
    "stdout_output.enabled file_output.enabled file:filename",
  ),
  observed(
    "program_output.enabled",
    "program_output.enabled program:program program:keep_alive",
  ),
  observed("sinks: name, type, format, priority", "sinks sink:name sink:priority"),
  sink("file_sink", "a file that was moved away", "file:keep_alive"),
  sink("file_sink", "a file that is large", "file:rotate_size_mb file:rotate_keep file:rotate_compress"),
  sink("file_sink", "a file that is old", "file:rotate_age"),
  sink("program_sink", "a program that blocks is ended", "program:timeout"),
  sink("syslog_sink", "the local socket gets what", "syslog_output.enabled"),
  sink("syslog_sink", "UDP: each alert", "syslog:address syslog:facility syslog:ident"),
  sink("syslog_sink", "TCP: a receiver that does not read", "syslog:timeout"),
  sink(
    "syslog_sink",
    "TLS: the authority is asked for",
    "syslog:ca_cert syslog:insecure syslog:client_cert syslog:client_key",
  ),
  observed(
    "http_output.enabled, http_output.url, http_output.echo",
    "http_output.enabled http:url http:echo",
  ),
  sink("http_sink", "an alert is the body of a POST", "http:user_agent http:headers http:keep_alive"),
  sink("http_sink", "uploads are really compressed", "http:compress_uploads http:batch_max"),
  sink("http_sink", "a server that never answers", "http:timeout"),
  sink("http_sink", "after max_consecutive_timeouts", "http:max_consecutive_timeouts"),
  sink(
    "http_sink",
    "HTTPS: unknown authority refused",
    "http:insecure http:ca_cert http:ca_bundle http:ca_path http:mtls http:client_cert http:client_key",
  ),

  // sinks of the network
  sink("tls", "TLS: NATS", each(["nats"], "ca_cert", "client_cert", "client_key")),
  sink("tls", "TLS: Redis", each(["redis"], "ca_cert", "client_cert", "client_key")),
  sink("tls", "TLS: MQTT", each(["mqtt"], "ca_cert", "client_cert", "client_key")),
  sink("tls", "TLS: Kafka", each(["kafka"], "ca_cert", "client_cert", "client_key", "tls")),
  sink(
    "tls",
    "TLS: Alertmanager, and with it all sinks over HTTP",
    each(HTTP_SINKS, "ca_cert", "client_cert", "client_key"),
  ),
  sink("nats", "NATS: delivered is what the stream", "nats:servers nats:subject nats:batch_max"),
  sink("nats", "NATS: a wrong password", "nats:user nats:password"),
  sink("nats", "NATS: nobody listens", "nats:timeout"),
  sink("nats", "NATS: a token, a file of credentials", "nats:token nats:credentials nats:stream"),
  sink("redis", "Redis: each alert is an entry", "redis:url redis:stream redis:batch_max"),
  sink("redis", "Redis: max_length", "redis:max_length"),
  sink("redis", "Redis: memory that is full", "redis:password"),
  sink("redis", "Redis: a user of its own", "redis:user"),
  sink("redis", "Redis: nobody listens", "redis:timeout"),
  sink("mqtt", "MQTT: messages arrive with QoS 1", "mqtt:url mqtt:topic mqtt:batch_max"),
  sink("mqtt", "MQTT 3.1.1", "mqtt:protocol"),
  sink("mqtt", "MQTT: a topic that the broker forbids", "mqtt:user mqtt:password"),
  sink("mqtt", "MQTT: nobody listens", "mqtt:timeout"),
  sink("mqtt", "MQTT: the broker knows the client", "mqtt:client_id"),
  sink(
    "kafka",
    "Kafka: a batch goes to one partition",
    "kafka:brokers kafka:topic kafka:compression kafka:client_id",
  ),
  sink("kafka", "Kafka: a batch with a message that is too large", "kafka:batch_max"),
  sink("kafka", "Kafka: a login by SASL PLAIN", "kafka:sasl kafka:user kafka:password"),
  sink("kafka", "Kafka: nobody listens", "kafka:timeout"),
  sink("loki", "Loki: a stream for each set of labels", "loki:url loki:tenant loki:labels loki:batch_max"),
  sink(
    "loki",
    "HTTP sinks: an address with a path",
    each(HTTP_SINKS, "user", "password", "token", "headers"),
  ),
  sink("loki", "HTTP sinks: nobody listens", each(HTTP_SINKS, "timeout")),
  sink(
    "elasticsearch",
    "Elasticsearch: documents are created",
    "elasticsearch:url elasticsearch:index elasticsearch:pipeline elasticsearch:api_key",
  ),
  sink("elasticsearch", "Elasticsearch: a request that is too large", "elasticsearch:batch_max"),
  sink(
    "alertmanager",
    "Alertmanager: the real one",
    "alertmanager:url alertmanager:labels alertmanager:expires_after",
  ),
  sink("alertmanager", "Alertmanager: one request for a batch", "alertmanager:batch_max"),
  sink("otlp", "OTLP: a batch is one request", "otlp:url otlp:batch_max"),

  // spool and noise control
  {
    file: "outputs/spool_test.ts",
    test: "what was not acknowledged is delivered by the next run",
    keys: "spool.directory",
  },
  { file: "outputs/spool_test.ts", test: "a spool that is full", keys: "spool.max_bytes" },
  { file: "outputs/spool_test.ts", test: "what is too old is dropped", keys: "spool.max_age_s" },
  noise("grouping: the first alert at once", "grouping.enabled grouping.window"),
  noise("grouping: other values of the chosen fields", "grouping.fields"),
  noise("groups are bounded", "grouping.max_groups"),
  noise(
    "a rule's limit lets its burst pass",
    "rule_rate_limit.rate rule_rate_limit.max_burst summary_interval",
  ),
  noise(
    "the limit of all rules spares",
    "rate_limit.rate rate_limit.max_burst rate_limit.spared_priority",
  ),
  noise("a rule may have a limit and groups of its own", "rules"),

  // web server and metrics
  service("observation", "nothing listens unless", "webserver.enabled"),
  service(
    "observation",
    "a port that is taken, a certificate",
    "webserver.listen_port webserver.ssl_enabled webserver.ssl_certificate webserver.bearer_token_file",
  ),
  service("observation", "a reload moves paths and server", "webserver.k8s_healthz_endpoint"),
  service(
    "reload/reload_control",
    "a reload opens, moves and closes",
    "reload_control.enabled reload_control.socket",
  ),
  service("observation", "metrics need both keys", "metrics.enabled webserver.prometheus_metrics_enabled"),
  service("observation", "snapshots come at the interval", "metrics.interval metrics.output_rule"),
  service("observation_live", "health, metrics and reloads of a running falco", "webserver.healthz_timeout"),
  {
    file: "live/watchdog_test.ts",
    test: "a main thread that hangs",
    keys: "watchdog.timeout",
  },
  service("web_server", "health: silence", "webserver.healthz_outputs_timeout"),
  service("snapshot_fields", "the file has a line for each snapshot", "metrics.output_file"),
  service("snapshot_fields", "memory stays as it is", "metrics.convert_memory_to_mb"),
  service("snapshot_fields", "zeros are left out", "metrics.include_empty_values"),
  service(
    "prometheus_text",
    "families that the settings turn off",
    "metrics.rules_counters_enabled metrics.resource_utilization_enabled metrics.state_counters_enabled " +
      "metrics.kernel_event_counters_enabled metrics.plugins_metrics_enabled",
  ),
];
