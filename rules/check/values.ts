// Turns the text of a value in a condition into a value of the field's type.
// In: a Value and the type that it is compared with. Out: a CheckedValue, or what is wrong with it.
// Elsewhere: which operators a type has (operators.ts), names of event types (check.ts).

import type { FieldType } from "../../schema/mod.ts";
import { didYouMean } from "../../base/mod.ts";
import { parseIp, parseNet } from "./addresses.ts";
import type { Value } from "../syntax/ast.ts";
import type { CheckedValue } from "./checked.ts";
import { portOfService, SERVICE_NAMES } from "./service_names.ts";
import { encodeText } from "../text/utf8.ts";
import { short } from "../yaml/decode.ts";

export interface ValueProblem {
  readonly message: string;
  readonly notes?: readonly string[];
  readonly hint?: string | undefined;
}

export type ValueResult =
  | { readonly value: CheckedValue; readonly warning?: string }
  | { readonly problem: ValueProblem };

/** The values of many checks. Most are words of lists that many checks share: equal texts are one value. */
export class Values {
  readonly #texts = new Map<string, ValueResult>();

  /** `hex` for the operators that take bytes as hexadecimal digits. */
  check(value: Value, type: FieldType, bits: number, hex: boolean): ValueResult {
    if (type !== "string" || hex || value.bytes !== undefined) return checkValue(value, type, bits, hex);
    let result = this.#texts.get(value.text);
    if (result === undefined) this.#texts.set(value.text, result = checkValue(value, type, bits, hex));
    return result;
  }
}

function checkValue(value: Value, type: FieldType, bits: number, hex: boolean): ValueResult {
  if (type !== "bytes" && value.text.includes("\0")) return bad("a text cannot hold a NUL byte");
  if (hex) return hexValue(value);
  switch (type) {
    case "string":
    case "bytes":
      return { value: { kind: "text", bytes: bytesOf(value) } };
    case "int":
    case "uint":
    case "abstime":
    case "reltime":
    case "double":
      return numberValue(value.text, type, bits);
    case "port":
      return portValue(value.text);
    case "bool":
      if (value.text === "true" || value.text === "false") {
        return { value: { kind: "bool", value: value.text === "true" } };
      }
      return bad(`expected \`true\` or \`false\`, not \`${short(value.text)}\``, meantBool(value.text));
    case "ip": {
      const bytes = parseIp(value.text);
      if (bytes !== undefined) return { value: { kind: "ip", bytes } };
      const net = parseNet(value.text) !== undefined;
      return bad(
        `\`${short(value.text)}\` is not an IP address`,
        net ? "compare networks with fd.net, fd.snet …" : undefined,
      );
    }
    case "net": {
      const net = parseNet(value.text);
      if (net !== undefined) return { value: { kind: "net", ...net } };
      const ip = parseIp(value.text);
      const hint = ip === undefined
        ? undefined
        : `write \`${value.text}/${ip.length * 8}\` for the one address`;
      return bad(`\`${short(value.text)}\` is not a network such as \`10.0.0.0/8\``, hint);
    }
    case "dyn":
      return bad("the parameter has no fixed type and cannot be compared");
  }
}

function meantBool(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (["true", "yes", "1", "on", "y"].includes(lower)) return "write `true`";
  return ["false", "no", "0", "off", "n"].includes(lower) ? "write `false`" : undefined;
}

export function bytesOf(value: Value): Uint8Array {
  return value.bytes ?? encodeText(value.text);
}

function bad(message: string, hint?: string): ValueResult {
  return { problem: { message, hint } };
}

function hexValue(value: Value): ValueResult {
  const { text } = value;
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(text)) {
    return bad(`\`${short(text)}\` is not a row of hexadecimal bytes such as \`7f454c46\``);
  }
  const bytes = Uint8Array.from(
    { length: text.length / 2 },
    (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16),
  );
  return { value: { kind: "text", bytes } };
}

/** Falco reads numbers into 32 or 64 bits and cuts what does not fit; so does this, with a warning. */
function numberValue(text: string, type: FieldType, bits: number): ValueResult {
  const match = /^[ \t\n]*([+-]?)(0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20})$/.exec(text);
  if (match === null) return bad(`\`${short(text)}\` is not a whole number`);
  const magnitude = BigInt(match[2]!);
  const given = match[1] === "-" ? -magnitude : magnitude;
  const signed = type === "int" || type === "double";
  const width = type === "double" ? 32 : bits;
  const kept = signed ? BigInt.asIntN(width, given) : BigInt.asUintN(width, given);
  // Numbers travel as 64 signed bits, whatever they mean.
  const value: CheckedValue = { kind: "number", value: BigInt.asIntN(64, kept) };
  return kept === given ? { value } : { value, warning: `${given} does not fit and is taken as ${kept}` };
}

function portValue(text: string): ValueResult {
  if (/^[0-9]{1,9}$/.test(text)) {
    const kept = Number(text) & 0xffff;
    const value: CheckedValue = { kind: "number", value: BigInt(kept) };
    return kept === Number(text)
      ? { value }
      : { value, warning: `${text} is no port and is taken as ${kept}` };
  }
  const port = portOfService(text);
  if (port !== undefined) return { value: { kind: "number", value: BigInt(port) } };
  return bad(
    `\`${short(text)}\` is neither a port nor the name of a service`,
    didYouMean(text, SERVICE_NAMES),
  );
}
