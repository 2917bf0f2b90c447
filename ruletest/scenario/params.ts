// What an author writes for a parameter of an event → its bytes.
// In: the parameter's type and texts. Out: bytes, a file descriptor that is known only when the event happens, or why the
// text cannot be a value. Elsewhere: what a parameter has that is not written (event_defaults.ts).

import { didYouMean } from "../../base/mod.ts";
import { ERRNO_NAMES, flagTable, type ParamDef, SIGNAL_NAMES, syscallByName } from "../../schema/mod.ts";
import { addressHint, parseAddress, sockaddrBytes, tupleBytes } from "./address.ts";
import { joined, number, raw, text, textList } from "./bytes.ts";

/** `last`: the file descriptor that the process opened last. */
export type ParamValue = Uint8Array | "last";

export interface NotAValue {
  readonly problem: string;
  readonly hint?: string | undefined;
}

export interface Names {
  readonly uids: ReadonlyMap<string, number>;
  readonly gids: ReadonlyMap<string, number>;
}

const FD_WORDS: Readonly<Record<string, number>> = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  cwd: -100,
  AT_FDCWD: -100,
};
const FD_HINT =
  "write a number, stdin, stdout, stderr, or `last` for what the process has opened last, by `openat` for instance";

const NS_PER_UNIT: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
};
const BITS: Readonly<Record<string, readonly [bytes: 1 | 2 | 4 | 8, signed: boolean]>> = {
  int8: [1, true],
  int16: [2, true],
  int32: [4, true],
  int64: [8, true],
  uint8: [1, false],
  uint16: [2, false],
  uint32: [4, false],
  uint64: [8, false],
  port: [2, false],
  l4proto: [1, false],
  sockfamily: [1, false],
  sigset: [4, false],
  pid: [8, true],
  pid32: [4, true],
};

export function paramValue(
  param: ParamDef,
  written: readonly string[],
  names: Names,
): ParamValue | NotAValue {
  const [first = ""] = written;
  const width = BITS[param.type];
  if (width !== undefined) return wholeNumber(first, ...width);
  switch (param.type) {
    case "charbuf":
    case "fspath":
    case "fsrelpath":
      return text(first);
    case "bytebuf":
      return written.length > 1 ? textList(written) : raw(first);
    case "charbufarray":
    case "charbufpairarray":
      return textList(written);
    case "errno":
      return errno(first);
    case "fd":
    case "fd32": {
      if (first === "last") return "last";
      const word = FD_WORDS[first];
      const bytes = param.type === "fd" ? 8 : 4;
      if (word !== undefined) return number(bytes, word);
      const value = orErrno(first, bytes);
      return "problem" in value
        ? { ...value, problem: `\`${first}\` is no file descriptor`, hint: FD_HINT }
        : value;
    }
    case "uid":
    case "gid": {
      // given to calls for an id that stays
      if (first === "-1") return number(4, 0xffff_ffff);
      const id = (param.type === "uid" ? names.uids : names.gids).get(first);
      return id === undefined ? wholeNumber(first, 4, false) : number(4, id);
    }
    case "flags8":
    case "enumflags8":
      return flags(param, written, 1);
    case "flags16":
    case "enumflags16":
      return flags(param, written, 2);
    case "flags32":
    case "enumflags32":
      return flags(param, written, 4);
    case "mode":
      return /^0?[0-7]+$/.test(first) ? number(4, parseInt(first, 8)) : flags(param, written, 4);
    case "sigtype": {
      const signal = SIGNAL_NAMES.findIndex((name) => name !== "" && [name, name.slice(3)].includes(first));
      return signal > 0 ? number(1, signal) : wholeNumber(first, 1, false);
    }
    case "syscallid": {
      const sc = syscallByName(first)?.sc;
      return sc === undefined ? wholeNumber(first, 2, false) : number(2, sc);
    }
    case "bool":
      if (first !== "true" && first !== "false") return { problem: `\`${first}\` is neither true nor false` };
      return number(4, first === "true" ? 1 : 0);
    case "reltime":
    case "abstime":
      return duration(first);
    case "sockaddr": {
      const address = parseAddress(first);
      return address === undefined ? notAnAddress(first) : sockaddrBytes(address);
    }
    case "socktuple": {
      const [from, to] = first.split("->").map(parseAddress);
      const bytes = from === undefined || to === undefined ? undefined : tupleBytes(from, to);
      return bytes ??
        {
          problem: `\`${first}\` is no pair of addresses`,
          hint: "write it as 10.0.2.15:40000->10.0.0.1:443",
        };
    }
    case "dyn":
      return variant(param, written, names);
    default:
      return {
        problem: `a parameter of the type ${param.type} cannot be written in a test`,
        hint: "take it from a recording",
      };
  }
}

export function isNotAValue(value: ParamValue | NotAValue): value is NotAValue {
  return typeof value === "object" && "problem" in value;
}

/** What selects the variant comes first. The variant is the first that the text can be a value of. */
function variant(param: ParamDef, written: readonly string[], names: Names): ParamValue | NotAValue {
  let problem: NotAValue | undefined;
  const variants = [...(param.variants ?? []).entries()];
  // a text would take whatever is written
  const order = [...variants.filter(([, { type }]) => !type.endsWith("buf")), ...variants];
  for (const [at, { type, format }] of order) {
    const value = paramValue({ name: param.name, type, format }, written, names);
    if (isNotAValue(value)) problem ??= value;
    else if (value !== "last") return joined([number(1, at), value]);
  }
  return problem ?? { problem: `\`${param.name}\` cannot be written in a test` };
}

function wholeNumber(written: string, bytes: 1 | 2 | 4 | 8, signed: boolean): Uint8Array | NotAValue {
  const match = /^([+-]?)(0x[0-9a-fA-F]+|0[0-7]+|\d+)$/.exec(written);
  if (match === null) return { problem: `\`${written}\` is no number` };
  const digits = match[2]!;
  const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  const value = match[1] === "-" ? -size : size;
  const bits = BigInt(bytes * 8);
  if (value < (signed ? -(1n << (bits - 1n)) : 0n) || value >= 1n << bits) {
    return { problem: `${written} does not fit into ${bytes * 8} bits` };
  }
  return number(bytes, value);
}

const errnoByName = new Map([...ERRNO_NAMES].map(([value, name]) => [name, value]));

/** A name means that the call failed with it. */
function errno(written: string): Uint8Array | NotAValue {
  return orErrno(written, 8);
}

function orErrno(written: string, bytes: 4 | 8): Uint8Array | NotAValue {
  const named = errnoByName.get(written.replace(/^-/, ""));
  if (named !== undefined) return number(bytes, -named);
  const value = wholeNumber(written, bytes, true);
  if (!("problem" in value) || !/^-?[A-Z]/.test(written)) return value;
  return {
    problem: `there is no error number \`${written}\``,
    hint: didYouMean(written, errnoByName.keys()),
  };
}

function flags(param: ParamDef, written: readonly string[], bytes: 1 | 2 | 4): Uint8Array | NotAValue {
  const table = param.flagTable === undefined ? undefined : flagTable(param.flagTable);
  let value = 0;
  for (const word of written.flatMap((part) => part.split(/[|,]/)).map((part) => part.trim())) {
    if (word === "") continue;
    const named = table?.entries.find(([name]) => name === word)?.[1];
    const plain = named ?? (/^(0x[0-9a-fA-F]+|\d+)$/.test(word) ? Number(word) : undefined);
    if (plain === undefined) {
      const known = table?.entries.map(([name]) => name) ?? [];
      return {
        problem: `\`${word}\` is no value of the parameter \`${param.name}\``,
        hint: didYouMean(word, known) ?? longerName(word, known) ??
          (param.type === "mode" ? "write it in octal digits: 04755" : undefined) ??
          (known.length === 0 ? undefined : `such as ${known.slice(0, 6).join(", ")}`),
      };
    }
    value = (value | plain) >>> 0;
  }
  return number(bytes, value);
}

/** `ATTACH` for `PTRACE_ATTACH` */
function longerName(word: string, known: readonly string[]): string | undefined {
  const longer = known.filter((name) => name.endsWith(`_${word.toUpperCase()}`));
  return longer.length === 1 ? `did you mean \`${longer[0]}\`?` : undefined;
}

function duration(written: string): Uint8Array | NotAValue {
  const match = /^(\d+)(ns|us|ms|s)?$/.exec(written);
  if (match === null) {
    return { problem: `\`${written}\` is no time`, hint: "write it as 500ms, 2s, or in nanoseconds" };
  }
  return number(8, BigInt(match[1]!) * NS_PER_UNIT[match[2] ?? "ns"]!);
}

function notAnAddress(written: string): NotAValue {
  return { problem: `\`${written}\` is no address`, hint: addressHint(written) };
}
