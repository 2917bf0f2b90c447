// Events of calls with every value that an argument can have: what the proof about arguments is run over.
// In: the table of arguments. Out: a capture of such events, each with its number as the time, and the arguments of each.
// Elsewhere: rules on them (argument_soundness_test.ts), that the probe makes such events of such calls (tests/probe).

import { parameterOf, RAW_ARGUMENTS, type RawArgument } from "../../../rules/kernel_filter/raw_arguments.ts";
import { CURRENT_EVENTS } from "../../../schema/events.ts";
import type { EventDef, ParamDef } from "../../../schema/types.ts";
import { concat, event, eventBlock, NONE } from "../../assembly/event_stream.ts";

export interface ArgumentCall {
  readonly event: string;
  readonly arguments: readonly (bigint | undefined)[];
  readonly argument: RawArgument;
  /** of the parameter */
  readonly value: number;
}

/** Arguments without a name, or with more bits than are looked at. */
const STRANGE = [11, 64, 77, 200, 255, 256, 265, 0x54ab, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

export function argumentCalls(): { readonly capture: Uint8Array; readonly calls: readonly ArgumentCall[] } {
  const blocks: Uint8Array[] = [];
  const calls: ArgumentCall[] = [];
  for (const argument of RAW_ARGUMENTS) {
    const def = CURRENT_EVENTS.find(({ name, direction }) =>
      name === argument.event && direction === "exit"
    )!;
    for (const raw of rawsOf(argument)) {
      const value = parameterOf(argument, raw);
      blocks.push(eventBlock(eventOf(def, argument, value, calls.length)));
      calls.push({
        event: def.name,
        arguments: Object.assign([], { [argument.at]: BigInt(raw) }),
        argument,
        value,
      });
    }
  }
  return { capture: concat(blocks), calls };
}

export function rawsOf({ kind, values, bits }: RawArgument): readonly number[] {
  if (kind === "number") return [...values.keys(), ...STRANGE];
  const all = [...bits.keys()];
  const pairs = all.flatMap((one, at) => all.slice(at + 1).map((other) => (one | other) >>> 0));
  return [0, ...all, ...pairs, ...STRANGE];
}

const BYTES: readonly (readonly [RegExp, number])[] = [
  [/8$|^sigtype$/, 1],
  [/16$/, 2],
  [/32$|^mode$|^uid$|^gid$/, 4],
  [/64$|^errno$|^fd$|^pid$/, 8],
];

function eventOf(def: EventDef, { position }: RawArgument, value: number, at: number): Uint8Array {
  const params = def.params.map((param, index) => encoded(param, index === position ? value : 0));
  return event({ type: def.code, tid: 7, timeNs: BigInt(at + 1), params });
}

function encoded({ type }: ParamDef, value: number): Uint8Array {
  const bytes = BYTES.find(([types]) => types.test(type))?.[1];
  if (bytes === undefined) return NONE;
  const data = new DataView(new ArrayBuffer(8));
  data.setBigUint64(0, BigInt(value), true);
  return new Uint8Array(data.buffer, 0, bytes);
}
