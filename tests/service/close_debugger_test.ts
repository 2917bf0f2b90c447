import { equal, match } from "node:assert/strict";

const PROGRAM = `
import { onSignal } from ${JSON.stringify(new URL("../../service/on_signal.ts", import.meta.url).href)};
let times = 0;
onSignal("SIGUSR1", () => times++);
for (let i = 0; i < 2; i++) {
  Deno.kill(Deno.pid, "SIGUSR1");
  await new Promise((resolve) => setTimeout(resolve, 300));
}
const port = await Deno.connect({ hostname: "127.0.0.1", port: 9229 }).then(() => "open", () => "closed");
console.log(times, port);
Deno.exit();
`;

Deno.test("SIGUSR1 is heard, and the debugger that Deno opens by it does not stay", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["eval", PROGRAM] }).output();
  equal(new TextDecoder().decode(stdout).trim(), "2 closed");
  match(new TextDecoder().decode(stderr), /Debugger listening|^$/);
});
