// What can be known of a receiver without connecting to it: whether its name has an address, whether the files for TLS are
// there.
// In: the keys of a sink. Out: nothing, or a SinkError that says what is wrong.
// Elsewhere: when that is asked (service/health/output_trial.ts).

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { SinkError } from "../sink.ts";
import { readTlsFiles } from "./tls_files.ts";

type Keys = Readonly<Record<string, unknown>>;

/** A sink has one of them. */
const ADDRESS_KEYS = ["url", "servers", "brokers", "address"];

export async function tryReceiver(keys: Keys): Promise<void> {
  await readTlsFiles({
    ca_cert: textOf(keys, "ca_cert"),
    client_cert: textOf(keys, "client_cert"),
    client_key: textOf(keys, "client_key"),
  });
  await tryHosts(ADDRESS_KEYS.map((key) => textOf(keys, key)).find((text) => text !== "") ?? "");
}

/** @param addresses several are separated by commas: one of them is enough */
export async function tryHosts(addresses: string): Promise<void> {
  const hosts = addresses.split(",").flatMap((address) => hostOf(address.trim()) ?? []);
  if (hosts.length === 0) return;
  const found = await Promise.all(hosts.map((host) => hasAddress(host)));
  if (found.includes(true)) return;
  throw new SinkError(`the name ${hosts.join(", ")} has no address`, {
    retryable: true,
    cause: "dns",
    untaken: true,
  });
}

/** Undefined for a path of a Unix socket, and for nothing. */
function hostOf(address: string): string | undefined {
  if (address === "" || address.startsWith("/") || address.startsWith("unix:")) return undefined;
  // URL knows hosts of its own schemes only
  const url = URL.parse(`http://${address.replace(/^[a-z+]+:\/\//i, "")}`);
  return url === null || url.hostname === "" ? undefined : url.hostname.replace(/^\[|\]$/g, "");
}

async function hasAddress(host: string): Promise<boolean> {
  if (isIP(host) !== 0) return true;
  try {
    await lookup(host);
    return true;
  } catch {
    return false;
  }
}

function textOf(keys: Keys, key: string): string {
  const value = keys[key];
  return typeof value === "string" ? value : "";
}
