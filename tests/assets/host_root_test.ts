// Where the host's files are looked for, by what a manifest has mounted.

import { equal } from "node:assert/strict";
import { settleHostRoot } from "../../assets/host_root.ts";

const isInFirstNamespace = (() => {
  try {
    return Deno.readLinkSync("/proc/self/ns/pid") === "pid:[4026531836]";
  } catch {
    return false;
  }
})();

function settled(given: string | undefined, rootOfFirst: string): string | undefined {
  const variables = new Map(given === undefined ? [] : [["HOST_ROOT", given]]);
  const environment = {
    get: (name: string) => variables.get(name),
    set: (name: string, value: string) => void variables.set(name, value),
  };
  settleHostRoot(environment, rootOfFirst);
  return variables.get("HOST_ROOT");
}

Deno.test("HOST_ROOT counts where the host's /proc is below it, with or without a slash at its end; unset it stays so", () => {
  equal(settled("/proc/self/root", "/nowhere"), "/proc/self/root");
  equal(settled("/proc/self/root//", "/nowhere"), "/proc/self/root");
  equal(settled("/", "/nowhere"), "");
  equal(settled(undefined, "/proc/self/root"), undefined);
});

Deno.test("without /proc below HOST_ROOT the root of process 1 is taken, if it may be entered", {
  ignore: !isInFirstNamespace,
}, () => {
  equal(settled("/nowhere", "/proc/self/root"), "/proc/self/root");
  equal(settled("/nowhere", "/nowhere"), "/nowhere");
});
