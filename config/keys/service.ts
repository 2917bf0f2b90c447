// Keys about the running service: its log and its web server.

import { bool, choice, duration, idle, int, LOG_LEVELS, own, text } from "../definition.ts";
import { isIP } from "node:net";

export const LOG = {
  "log_stderr": bool(true, "falco's own log to standard error"),
  "log_syslog": bool(true, "falco's own log to the syslog of this host, while it monitors"),
  "log_level": choice("info", LOG_LEVELS, "least severe message of falco's own log that is shown"),
  "libs_logger.enabled": idle(
    bool(true, "messages of Falco's libraries in the log"),
    "there are no such libraries: all messages are falco's own",
  ),
  "libs_logger.severity": idle(
    {
      ...choice(
        "info",
        ["fatal", "critical", "error", "warning", "notice", "info", "debug", "trace"],
        "least severe message of Falco's libraries",
      ),
    },
    "there are no such libraries: all messages are falco's own",
  ),
};

export const WEBSERVER = {
  "webserver.enabled": bool(false, "health, versions and metrics over HTTP"),
  "webserver.threadiness": idle(
    int(0, 0, 4096, "threads of the web server; 0: one for each CPU"),
    "the web server needs no threads of its own",
  ),
  "webserver.listen_port": int(8765, 0, 65_535, "port; 0: any that is free, named in the log"),
  "webserver.listen_address": text(
    "0.0.0.0",
    "address of this host, IPv4 or IPv6; 0.0.0.0: all of IPv4, `::`: all; 127.0.0.1: only this host can reach it",
    (address) =>
      isIP(address.trim()) === 0 ? `must be an IP address, not "${address.slice(0, 60)}"` : undefined,
  ),
  "webserver.k8s_healthz_endpoint": text("/healthz", "path that says whether events flow", pathReason),
  "webserver.prometheus_metrics_enabled": bool(false, "metrics at /metrics, when metrics.enabled is true"),
  "webserver.ssl_enabled": bool(false, "HTTPS instead of HTTP"),
  "webserver.ssl_certificate": text(
    "/etc/falco/falco.pem",
    "file with private key and certificate, for HTTPS",
  ),
  ...own({
    "webserver.bearer_token_file": text(
      "",
      "file with a token that requests must show, but for health; empty: none",
    ),
    "webserver.healthz_timeout": duration(
      10_000,
      1000,
      3_600_000,
      "not healthy when the call that falco makes each second has not come through for this long",
    ),
    "webserver.healthz_outputs_timeout": duration(
      300_000,
      0,
      86_400_000,
      "not healthy when every output has been failing for this long; 0: outputs do not count",
    ),
  }),
};

export const RELOAD_CONTROL = {
  "reload_control.enabled": bool(
    false,
    "a Unix socket at which POST /reload has rules and settings read again",
  ),
  "reload_control.socket": text(
    "/run/falco/reload_control.sock",
    "path of that socket, in a folder that only root and falco's own user can change; it is made with mode 0600, or 0660 " +
      "where the folder belongs to a group of its own",
    (path) => path.startsWith("/") ? undefined : "must be an absolute path",
  ),
};

export const WATCHDOG = own({
  "watchdog.timeout": duration(
    30_000,
    0,
    3_600_000,
    "falco ends itself with exit code 1, to be started again, when a thread of its own has made no turn, or no event " +
      "has come through any more, for this long (at least 2s); 0: never. Not in a replay",
  ),
});

function pathReason(path: string): string | undefined {
  return /^\/[^\s?#]*$/.test(path) ? undefined : "must be a path that begins with /";
}
