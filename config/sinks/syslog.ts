// Keys of syslog sinks: `syslog_output`, and entries of `sinks` with `type: syslog`. Elsewhere: the messages (outputs/).

import { bool, choice, duration, own, text } from "../definition.ts";
import type { SinkType } from "./sink_type.ts";

export const FACILITIES = [
  "kern",
  "user",
  "mail",
  "daemon",
  "auth",
  "syslog",
  "lpr",
  "news",
  "uucp",
  "cron",
  "authpriv",
  "ftp",
  "local0",
  "local1",
  "local2",
  "local3",
  "local4",
  "local5",
  "local6",
  "local7",
] as const;

export const SYSLOG = {
  help: "the syslog of this host, or a remote one by RFC 5424",
  keys: own({
    "address": text(
      "",
      "udp://, tcp:// or tls:// with host and port, unix:// with a path; empty: this host's own",
      addressReason,
    ),
    "facility": choice("user", FACILITIES, "syslog facility of the messages"),
    "ident": text("falco", "name of the program in the messages"),
    "ca_cert": text("", "file with the authority of a tls:// server; empty: those of this host"),
    "client_cert": text("", "certificate that is shown to a tls:// server"),
    "client_key": text("", "its private key"),
    "insecure": bool(false, "accept any certificate of a tls:// server"),
    "timeout": duration(5000, 100, 600_000, "for connecting and sending"),
  }),
} as const satisfies SinkType;

function addressReason(address: string): string | undefined {
  if (address === "" || /^unix:\/\/\/./.test(address)) return undefined;
  if (/^(udp|tcp|tls):\/\/[^/\s]+$/.test(address) && URL.canParse(address)) return undefined;
  return "must be udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT or unix:///PATH";
}
