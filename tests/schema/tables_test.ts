import assert from "node:assert/strict";
import asc from "assemblyscript/asc";
import { ERRNO_NAMES } from "../../schema/errno.ts";
import { EVENTS, PARAM_VARIANTS } from "../../schema/events.ts";
import { flagTable } from "../../schema/flags.ts";
import { generate } from "../../schema/generate.ts";
import { SYSCALLS } from "../../schema/syscalls.ts";
import { PARAM_FORMATS, PARAM_TYPES } from "../../schema/types.ts";

const ENTRY = `
export {
  capName, errnoName, eventCategory, eventFlags, eventName, eventParamCount, flagCount, flagName, flagTable,
  flagValue, paramDirfd, paramFormat, paramName, paramType, signalName, syscallName, syscallOfNative,
  variantFormat, variantType,
} from "./assembly/generated/tables";
import { EF_CREATES_FD, FAT_FDCWD, FO_TRUNC, OPENAT_X } from "./assembly/generated/events";
export function openatCode(): u32 { return OPENAT_X; }
export function truncate(): u32 { return FO_TRUNC; }
export function currentDirectory(): i64 { return FAT_FDCWD; }
export function createsFd(): u32 { return EF_CREATES_FD; }
`;

type NumberOf = (...args: number[]) => number;
type NameOf = (...args: number[]) => bigint;

async function compile(): Promise<{ exports: WebAssembly.Exports; memory: WebAssembly.Memory }> {
  const files = new Map([["main.ts", ENTRY], ...generate()]);
  let binary: Uint8Array | null = null;
  const options =
    "--runtime stub --enable threads --importMemory --sharedMemory --initialMemory 4 --maximumMemory 4";
  const result = await asc.main(["main.ts", "--outFile", "main.wasm", ...options.split(" ")], {
    readFile: (name: string) => files.get(name) ?? null,
    writeFile: (name: string, content: Uint8Array | string) => {
      if (name === "main.wasm") binary = content as Uint8Array;
    },
    listFiles: () => [],
  });
  assert.equal(result.error, null, result.stderr.toString());
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
  const module = await WebAssembly.compile(binary! as Uint8Array<ArrayBuffer>);
  const instance = await WebAssembly.instantiate(module, {
    env: { memory, abort: () => assert.fail("abort") },
  });
  return { exports: instance.exports, memory };
}

Deno.test("the matcher's tables say what the schema says", async (t) => {
  const { exports, memory } = await compile();
  const number = (name: string) => exports[name] as NumberOf;
  const text = (name: string, ...args: number[]): string => {
    const view = BigInt.asUintN(64, (exports[name] as NameOf)(...args));
    const at = Number(view & 0xffffffffn);
    return new TextDecoder().decode(new Uint8Array(memory.buffer).slice(at, at + Number(view >> 32n)));
  };

  await t.step("events and parameters", () => {
    for (const event of EVENTS) {
      assert.equal(text("eventName", event.code), event.name);
      assert.equal(number("eventFlags")(event.code), event.flags);
      assert.equal(number("eventCategory")(event.code), event.categoryBits);
      assert.equal(number("eventParamCount")(event.code), event.params.length);
      event.params.forEach((param, i) => {
        assert.equal(text("paramName", event.code, i), param.name);
        assert.equal(PARAM_TYPES[number("paramType")(event.code, i)], param.type);
        assert.equal(PARAM_FORMATS[number("paramFormat")(event.code, i)], param.format);
        assert.equal(number("paramDirfd")(event.code, i), param.dirfdParam ?? -1);
      });
    }
  });

  await t.step("flag tables", () => {
    for (const event of EVENTS) {
      event.params.forEach((param, i) => {
        const table = number("flagTable")(event.code, i);
        if (param.flagTable === undefined) {
          assert.equal(table, 0);
          return;
        }
        const { entries } = flagTable(param.flagTable)!;
        assert.equal(number("flagCount")(table), entries.length);
        entries.forEach(([name, value], entry) => {
          assert.equal(text("flagName", table, entry), name);
          assert.equal(number("flagValue")(table, entry) >>> 0, value);
        });
      });
    }
  });

  await t.step("variants of dyn parameters", () => {
    for (const event of EVENTS) {
      event.params.forEach((param, i) => {
        const variants = param.variantSet === undefined ? [] : PARAM_VARIANTS[param.variantSet]!;
        variants.forEach(({ type, format }, variant) => {
          assert.equal(PARAM_TYPES[number("variantType")(event.code, i, variant)], type);
          assert.equal(PARAM_FORMATS[number("variantFormat")(event.code, i, variant)], format);
        });
        assert.equal(number("variantType")(event.code, i, variants.length), 0);
      });
    }
  });

  await t.step("names of numbers", () => {
    for (const [value, name] of ERRNO_NAMES) {
      assert.equal(text("errnoName", value), name);
      assert.equal(text("errnoName", -value), name);
    }
    for (const value of [0, 41, 131, 100_000, -(2 ** 31)]) assert.equal(text("errnoName", value), "");
    assert.equal(text("signalName", 9), "SIGKILL");
    assert.equal(text("signalName", 64), "");
    assert.equal(text("capName", 40), "CAP_CHECKPOINT_RESTORE");
    assert.equal(text("capName", 41), "");
  });

  await t.step("system calls", () => {
    for (const call of SYSCALLS) {
      if (call.sc > 0) assert.equal(text("syscallName", call.sc), call.name);
      if (call.x86_64 !== null) assert.equal(number("syscallOfNative")(call.x86_64), call.sc);
    }
    assert.equal(text("syscallName", 0), "");
    assert.equal(text("syscallName", 60_000), "");
    assert.equal(number("syscallOfNative")(511), 0);
  });

  await t.step("constants", () => {
    assert.equal(number("openatCode")(), 307);
    assert.equal(number("truncate")(), 0x100);
    assert.equal((exports["currentDirectory"] as NameOf)(), -100n);
    assert.equal(number("createsFd")(), 1);
  });
});
