// Names of hosts with their addresses, which rules ask for: `fd.sip.name = kubernetes.default.svc.cluster.local`.
// In: the value of `hosts`. Out: hosts. Elsewhere: whether a rule names them (run/benches.ts), the record that the matcher
// learns them by (scenario/world_blocks.ts). Nobody is asked: a test must not depend on a network.

import { short, type YamlNode } from "../../rules/mod.ts";
import { parseIpv4, parseIpv6 } from "../scenario/address.ts";
import type { Host } from "../scenario/world.ts";
import { entriesOf, type NodeReader } from "./nodes.ts";

export function readHosts(reader: NodeReader, node: YamlNode | undefined): readonly Host[] {
  const map = node === undefined ? undefined : reader.map(node, "`hosts`");
  return (map === undefined ? [] : entriesOf(map)).map(({ key, value }) => ({
    name: key.value,
    span: key.span,
    addresses: reader.list(value).flatMap((item) => readIp(reader, item) ?? []),
  }));
}

function readIp(reader: NodeReader, node: YamlNode): Uint8Array | undefined {
  const text = reader.text(node, "an address of a host");
  if (text === undefined) return undefined;
  return parseIpv4(text) ?? parseIpv6(text) ??
    reader.fail("invalid-value", node, `\`${short(text)}\` is no address of a host`, {
      hint: "write 10.0.0.1 or 2001:db8::1, without a port",
    });
}
