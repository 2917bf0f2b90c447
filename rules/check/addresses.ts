// IP addresses and networks as written in rules.
// In: text. Out: bytes in network order; nothing when it is no address. What inet_pton accepts, nothing more.

/** 4 or 16 bytes. As in Falco, a text with a dot is IPv4: `::ffff:1.2.3.4` is none. */
export function parseIp(text: string): Uint8Array | undefined {
  return text.includes(".") ? parseIpv4(text) : parseIpv6(text);
}

export interface Net {
  readonly bytes: Uint8Array;
  readonly prefixBits: number;
}

/** `address/bits`; an IPv6 network has at least one bit. */
export function parseNet(text: string): Net | undefined {
  const match = /^([^/]+)\/([0-9]{1,3})$/.exec(text);
  if (match === null) return undefined;
  const bytes = parseIp(match[1]!);
  const prefixBits = Number(match[2]);
  if (bytes === undefined || prefixBits > bytes.length * 8) return undefined;
  if (bytes.length === 16 && prefixBits === 0) return undefined;
  return { bytes, prefixBits };
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (const [at, part] of parts.entries()) {
    // No leading zeros: they might be meant as octal.
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bytes[at] = Number(part);
  }
  return bytes;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = groups(halves[0]!);
  const tail = halves.length === 2 ? groups(halves[1]!) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const bytes = new Uint8Array(16);
  all.forEach((group, at) => {
    bytes[2 * at] = group >> 8;
    bytes[2 * at + 1] = group & 255;
  });
  return bytes;
}

function groups(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  return parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))
    ? parts.map((part) => parseInt(part, 16))
    : undefined;
}
