// Runs a tool that makes packages. Out: nothing, or an Error with what it said.

export interface ToolCall {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function runTool(tool: string, { args, env = {} }: ToolCall): Promise<void> {
  const { success, code, stdout, stderr } = await new Deno.Command(tool, {
    args: [...args],
    env: { LC_ALL: "C", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (success) return;
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  throw new Error(`${tool} ended with code ${code}:\n${said.trim().split("\n").slice(-20).join("\n")}`);
}
