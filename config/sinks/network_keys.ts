// What the sinks that speak a network's protocol have in common: certificates, who we are, time.
// Elsewhere: their own keys (nats.ts, kafka.ts …), HTTP and syslog, whose keys are older (http.ts, syslog.ts).

import { duration, int, map, own, text } from "../definition.ts";

const MAX_BATCH = 10_000;

/** There is no `insecure`: a server with a certificate of its own is trusted by naming it in ca_cert. */
export const TLS_KEYS = own({
  "ca_cert": text(
    "",
    "file with the authorities that vouch for the server, in PEM; empty: those of this host",
  ),
  "client_cert": text("", "file with the certificate that is shown to the server, in PEM"),
  "client_key": text("", "its private key, in PEM"),
});

export const TIMEOUT_KEY = own({
  "timeout": duration(10_000, 100, 600_000, "for connecting, and for a batch until it is acknowledged"),
});

export const LOGIN_KEYS = own({
  "user": text("", "name to log in with; empty: none"),
  "password": { ...text("", "its password, best as ${VARIABLE}"), secret: true },
});

/** Of sinks over HTTP. */
export const HTTP_KEYS = own({
  ...LOGIN_KEYS,
  "token": { ...text("", "bearer token, instead of user and password"), secret: true },
  "headers": { ...map("further headers"), secret: true },
  ...TIMEOUT_KEY,
  ...TLS_KEYS,
});

/** How many alerts are sent together at most, when several wait. */
export function batchKey(byDefault: number) {
  return own({
    "batch_max": int(byDefault, 1, MAX_BATCH, "alerts that are sent together, when several wait"),
  });
}

export function httpUrlReason(url: string): string | undefined {
  return urlReason(url, ["http", "https"]);
}

/** Names and passwords have keys of their own: an address is shown in messages. */
export function urlReason(url: string, schemes: readonly string[]): string | undefined {
  const parsed = URL.parse(url);
  const words = schemes.map((scheme) => `${scheme}://`).join(" or ");
  if (parsed === null || !schemes.includes(parsed.protocol.slice(0, -1)) || parsed.hostname === "") {
    return `must be an address that begins with ${words}`;
  }
  if (parsed.username !== "" || parsed.password !== "") {
    return "must not hold a user or a password: there are keys for them";
  }
  return undefined;
}

/** HOST:PORT, several separated by commas; IPv6 addresses in brackets. */
export function hostPortsReason(addresses: string): string | undefined {
  for (const address of addresses.split(",")) {
    const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(address.trim());
    if (match === null || Number(match[2]) < 1 || Number(match[2]) > 65_535) {
      return `must be HOST:PORT, several separated by commas, not "${address.trim().slice(0, 100)}"`;
    }
  }
  return undefined;
}
