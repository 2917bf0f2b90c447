// Runs the program as its user does and waits for its end.

import { falcoCommand } from "../support/program.ts";

const ENV = { NO_COLOR: "1", TZ: "UTC", FALCO_HOSTNAME: "node1" };

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function falco(...args: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await falcoCommand(args, { env: ENV }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The same, with a text on its standard input. */
export async function falcoReading(input: string, ...args: readonly string[]): Promise<Outcome> {
  const child = falcoCommand(args, {
    env: ENV,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A stack trace tells a user nothing: `    at run (file:///…)`. */
export const STACK_TRACE = /^\s+at .*:\d+:\d+\)?$|file:\/\//m;

export async function withRules(text: string, body: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, text);
    await body(path);
  } finally {
    await Deno.remove(path);
  }
}

export const GOOD_RULE = `
- rule: Shadow file opened
  desc: a test
  condition: evt.type in (open, openat, openat2) and fd.name = /etc/shadow
  output: opened %fd.name by %proc.name
  priority: WARNING
`;
