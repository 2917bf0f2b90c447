// The stack that each program of the probe takes, as kernels before 6.8 count it: the frame of every function that is called
// in another is made a multiple of 32 bytes, and all together may be 512. Newer kernels count in 16, so that a probe that
// loads here may be refused there.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type BpfFunction, functionsOf } from "./stack_frames.ts";

const OBJECT = fileURLToPath(new URL("../../build/probe.bpf.o", import.meta.url));
const FRAME_BYTES = 32;
const MOST_BYTES = 512;

Deno.test("no program takes more of the stack than kernels before 6.8 allow", () => {
  const functions = functionsOf(Deno.readFileSync(OBJECT));
  const programs = [...functions.values()].filter(({ section }) => section !== ".text");
  assert.ok(programs.length > 100, `${programs.length} programs`);
  const chains = programs.map((program) => deepest(program, functions));
  assert.ok(chains.some(({ names }) => names.length > 3), "calls are followed");
  const tooDeep = chains.filter(({ bytes }) => bytes > MOST_BYTES);
  assert.deepEqual(tooDeep.map(({ bytes, names }) => `${bytes} bytes: ${names.join(" → ")}`), []);
});

function deepest(
  { name, stackBytes, calls }: BpfFunction,
  functions: ReadonlyMap<string, BpfFunction>,
): { bytes: number; names: readonly string[] } {
  const below = [...calls].map((place) => {
    const called = functions.get(place);
    assert.ok(called !== undefined, `${name} calls what is no function`);
    return deepest(called, functions);
  });
  const worst = below.reduce((most, one) => one.bytes > most.bytes ? one : most, {
    bytes: 0,
    names: [] as readonly string[],
  });
  const bytes = Math.ceil(Math.max(stackBytes, 1) / FRAME_BYTES) * FRAME_BYTES;
  return { bytes: bytes + worst.bytes, names: [`${name} (${stackBytes})`, ...worst.names] };
}
