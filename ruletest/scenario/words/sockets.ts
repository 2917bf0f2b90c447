// Words for connections: what a program has to do before it is connected is done, too.
// In: arguments. Out: socket, bind, listen, connect, accept, sendto and recvfrom events with both addresses.

import { EVENT_CODE, type EventDef, EVENTS } from "../../../schema/mod.ts";
import {
  type Address,
  ADDRESS_FORMS,
  addressHint,
  localAddress,
  parseAddress,
  sockaddrBytes,
  tupleBytes,
} from "../address.ts";
import { number, raw } from "../bytes.ts";
import { emitEvent } from "../event_defaults.ts";
import type { ParamValue } from "../params.ts";
import type { Action, Actor, Stage } from "../step.ts";
import { type Arg, namedParams, valueOfParam, type Word, type WordArgs } from "./word.ts";

const event = (constant: string): EventDef => EVENTS[EVENT_CODE[constant]!]!;
const SOCKET = event("SOCKET_X"),
  BIND = event("BIND_X"),
  LISTEN = event("LISTEN_X"),
  CONNECT = event("CONNECT_X");
const ACCEPT = event("ACCEPT4_X"), SENDTO = event("SENDTO_X"), RECVFROM = event("RECVFROM_X");
const STREAM = 1, DATAGRAM = 2, TCP = 6, UDP = 17;
const OWN = ["to", "from", "protocol", "on"];

export const connect: Word = {
  form: "connect ADDRESS [tcp|udp]",
  example: "connect 203.0.113.5:4444",
  summary:
    "Makes a socket and connects it; with `fd` a socket that is there. `from` names the local address.",
  read(args) {
    const ends = readEnds(args, "to");
    const given = withResult(args, CONNECT, namedParams(args, CONNECT, OWN));
    if (ends === undefined) return undefined;
    const { to, protocol } = ends;
    return (scene, actor) => {
      const from = ends.from ?? localAddress(to, scene.nextPort());
      if (!given.has("fd")) makeSocket(scene, actor, to, protocol);
      emitEvent(scene, actor, CONNECT, new Map([...addresses(from, to), ...given]));
    };
  },
};

export const listen: Word = {
  form: "listen ADDRESS",
  example: "listen 0.0.0.0:4444",
  summary: "Makes a socket, binds it to the address and listens.",
  read(args) {
    const ends = readEnds(args, "to", "on");
    const given = namedParams(args, LISTEN, OWN);
    if (ends === undefined) return undefined;
    const { to, protocol } = ends;
    return (scene, actor) => {
      makeSocket(scene, actor, to, protocol);
      emitEvent(scene, actor, BIND, new Map([["addr", sockaddrBytes(to)]]));
      if (protocol === "tcp") emitEvent(scene, actor, LISTEN, given);
    };
  },
};

export const accept: Word = {
  form: "accept ADDRESS [on=ADDRESS]",
  example: "accept 203.0.113.5:51000 on=10.0.2.15:22",
  summary: "Takes a connection that somebody has made from this address (accept4).",
  read(args) {
    const ends = readEnds(args, "from");
    const on = addressOf(args, args.named.get("on"));
    const given = withResult(args, ACCEPT, namedParams(args, ACCEPT, OWN));
    if (ends === undefined) return undefined;
    const peer = ends.to;
    return (scene, actor) => {
      const tuple = tupleBytes(peer, on ?? localAddress(peer, 80));
      emitEvent(
        scene,
        actor,
        ACCEPT,
        new Map([...tuple === undefined ? [] : [["tuple", tuple] as const], ...given]),
      );
    };
  },
};

export const sendto: Word = {
  form: "sendto ADDRESS [DATA…]",
  example: "sendto 198.51.100.7:53 hello",
  summary: "Sends a datagram, with `fd` over a socket that is there.",
  read: (args) => readDatagram(args, SENDTO, (from, to) => tupleBytes(from, to)),
};

export const recvfrom: Word = {
  form: "recvfrom ADDRESS [DATA…]",
  example: "recvfrom 198.51.100.7:53 hello",
  summary: "Receives a datagram from the address.",
  read: (args) => readDatagram(args, RECVFROM, (from, to) => tupleBytes(to, from)),
};

function readDatagram(
  args: WordArgs,
  call: EventDef,
  tupleOf: (local: Address, remote: Address) => Uint8Array | undefined,
): Action | undefined {
  const [address, ...words] = args.positional;
  const ends = readEnds({ ...args, positional: address === undefined ? [] : [address] }, "to");
  const given = withResult(args, call, namedParams(args, call, OWN));
  if (ends === undefined) return undefined;
  if (words.length > 0) given.set("data", raw(words.flatMap(({ texts }) => texts).join(" ")));
  const { to } = ends;
  return (scene, actor) => {
    const local = ends.from ?? localAddress(to, scene.nextPort());
    if (!given.has("fd")) makeSocket(scene, actor, to, "udp");
    const tuple = tupleOf(local, to);
    emitEvent(
      scene,
      actor,
      call,
      new Map([...tuple === undefined ? [] : [["tuple", tuple] as const], ...given]),
    );
  };
}

interface Ends {
  readonly to: Address;
  readonly from: Address | undefined;
  readonly protocol: "tcp" | "udp";
}

/** The peer is the first word, or named. */
function readEnds(args: WordArgs, ...peer: readonly string[]): Ends | undefined {
  const { reader, positional, named } = args;
  const name = peer.find((key) => named.has(key));
  const written = name === undefined ? positional[0] : named.get(name);
  if (written === undefined) {
    return reader.fail("invalid-test", args.span, `\`${args.word}\` has no address`, {
      hint: `write ${ADDRESS_FORMS}`,
    });
  }
  const to = addressOf(args, written);
  const from = peer[0] === "from" ? undefined : addressOf(args, named.get("from"));
  const protocols = [
    ...named.get("protocol")?.texts ?? [],
    ...positional.slice(name === undefined ? 1 : 0).flatMap(({ texts }) => texts),
  ];
  const wrong = protocols.find((word) => word !== "tcp" && word !== "udp");
  if (wrong !== undefined) {
    return reader.fail("invalid-test", args.span, `\`${wrong}\` is neither tcp nor udp`);
  }
  return to === undefined ? undefined : { to, from, protocol: protocols[0] === "udp" ? "udp" : "tcp" };
}

function addressOf({ reader }: WordArgs, arg: Arg | undefined): Address | undefined {
  if (arg === undefined) return undefined;
  const [written = ""] = arg.texts;
  return parseAddress(written) ??
    reader.fail("invalid-test", arg.span, `\`${written}\` is no address`, { hint: addressHint(written) });
}

function withResult(args: WordArgs, call: EventDef, given: Map<string, ParamValue>): Map<string, ParamValue> {
  const name = call.params[0]!.name;
  const value = args.result === undefined ? undefined : valueOfParam(args, call, name, args.result);
  if (value !== undefined) given.set(name, value);
  return given;
}

function addresses(from: Address, to: Address): [string, ParamValue][] {
  const tuple = tupleBytes(from, to);
  return [...tuple === undefined ? [] : [["tuple", tuple] as [string, ParamValue]], [
    "addr",
    sockaddrBytes(to),
  ]];
}

function makeSocket(scene: Stage, actor: Actor, { family }: Address, protocol: "tcp" | "udp"): void {
  const isUnix = family === 1;
  emitEvent(
    scene,
    actor,
    SOCKET,
    new Map([
      ["domain", number(4, family)],
      ["type", number(4, protocol === "udp" ? DATAGRAM : STREAM)],
      ["proto", number(4, isUnix ? 0 : protocol === "udp" ? UDP : TCP)],
    ]),
  );
}
