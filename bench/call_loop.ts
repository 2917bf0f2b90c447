// The C program that makes one call in a tight loop (syscall_loop.c), built for a bench and started by it.
// In: a folder for it; a call, and how many rounds or seconds. Out: the number that it prints. Elsewhere: what is called.

const SOURCE = new URL("./syscall_loop.c", import.meta.url).pathname;

/** @returns makes `call` in `amount` rounds, the flood for `amount` seconds; nanoseconds of a call, or how many there were */
export async function buildCallLoop(
  folder: string,
): Promise<(call: string, amount: number) => Promise<number>> {
  const loop = `${folder}/loop`;
  await output("cc", "-O2", "-o", loop, SOURCE);
  return async (call, amount) => Number(await output(loop, call, String(amount), SOURCE));
}

/** What a program prints that must not fail. */
export async function output(program: string, ...args: string[]): Promise<string> {
  const { stdout, success } = await new Deno.Command(program, { args, stderr: "inherit" }).output();
  if (!success) throw new Error(`Cannot measure: ${program} failed`);
  return new TextDecoder().decode(stdout);
}
