// Keys of HTTP and HTTPS sinks: `http_output`, and entries of `sinks` with `type: http`.
// Elsewhere: the requests (outputs/).

import { bool, duration, int, map, own, text } from "../definition.ts";
import type { SinkType } from "./sink_type.ts";

export const HTTP = {
  help: "an HTTP or HTTPS server that takes alerts by POST",
  keys: {
    "url": text("", "where alerts are sent, http:// or https://", urlReason),
    "user_agent": text("falcosecurity/falco", "the header User-Agent"),
    "insecure": bool(false, "accept any certificate of the server"),
    "ca_cert": text("", "file with the certificate authority of the server; comes before ca_bundle"),
    "ca_bundle": text("", "file with several authorities; comes before ca_path"),
    "ca_path": text("/etc/ssl/certs", "folder with authorities"),
    "mtls": bool(false, "show a certificate to the server"),
    "client_cert": text("/etc/ssl/certs/client.crt", "certificate for mtls"),
    "client_key": text("/etc/ssl/certs/client.key", "its private key"),
    "echo": bool(false, "print the server's answers to standard output"),
    "compress_uploads": bool(false, "send the messages compressed by gzip"),
    "keep_alive": bool(false, "TCP keep-alive probes on connections"),
    "max_consecutive_timeouts": int(
      5,
      0,
      1000,
      "an alert is given up after this many timeouts, unless the spool keeps it",
    ),
    ...own({
      "timeout": duration(10_000, 100, 600_000, "for one request, until its answer is there"),
      "headers": { ...map("further headers, such as Authorization"), secret: true },
      "batch_max": int(1, 1, 10_000, "alerts in one request, one in a line, when several wait"),
    }),
  },
} as const satisfies SinkType;

/** Empty is none, which is refused where the output is enabled (config/checks.ts). */
function urlReason(url: string): string | undefined {
  if (url === "" || (/^https?:\/\//i.test(url) && URL.canParse(url))) return undefined;
  return `must be a URL that begins with http:// or https://, not "${url.slice(0, 100)}"`;
}
