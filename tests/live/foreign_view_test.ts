// Where falco runs is not where it watches: in a private pid namespace, with a HOST_ROOT that is not the host's, in a
// time namespace. It says so, tells nothing of others as if it were theirs, and its alerts are right.

import assert from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { run } from "./lab.ts";

const refusal = await liveRefusal();

const RULES = `
- rule: Marked command
  desc: a command with a mark
  condition: evt.type in (execve, execveat) and proc.args contains foreign-view-mark
  output: "command %proc.cmdline by %proc.pname"
  priority: WARNING
- rule: Marked file
  desc: a file that a process has opened which ran before
  condition: evt.type in (open, openat) and fd.name contains foreign-view-file
  output: "file %fd.name of %proc.name, started by %proc.pname"
  priority: WARNING
`;

interface View {
  readonly name: string;
  readonly wrapper: readonly string[];
  /** what is said; nothing when all is well */
  readonly says: RegExp | null;
  /** the names of processes that ran before are known */
  readonly knowsOthers: boolean;
}

const views: readonly View[] = [
  {
    name: "a private pid namespace",
    wrapper: ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"],
    says: /for the kernel this process is \d+, in \/proc it is 1\b/,
    knowsOthers: false,
  },
  {
    name: "a private pid namespace and a made-up HOST_ROOT",
    wrapper: ["env", "HOST_ROOT=FOLDER", "unshare", "--pid", "--fork", "--kill-child", "--mount-proc"],
    says: /FOLDER\/proc is no \/proc with this process in it/,
    knowsOthers: false,
  },
  {
    name: "a made-up HOST_ROOT",
    wrapper: ["env", "HOST_ROOT=FOLDER"],
    says: /HOST_ROOT is not this host's root/,
    knowsOthers: true,
  },
  {
    name: "a time namespace that is ten minutes after",
    wrapper: ["unshare", "--time", "--boottime", "-600"],
    says: null,
    knowsOthers: true,
  },
  {
    name: "a time namespace that is ten minutes ahead",
    wrapper: ["unshare", "--time", "--boottime", "600"],
    says: null,
    knowsOthers: true,
  },
];

for (const { name, wrapper, says, knowsOthers } of views) {
  Deno.test({
    name: `${name}: said aloud, nobody's name is another's, times are right${
      refusal ? ` (skipped: ${refusal})` : ""
    }`,
    ignore: refusal !== null,
  }, async () => {
    const folder = Deno.makeTempDirSync();
    const rules = `${folder}/rules.yaml`;
    Deno.writeTextFileSync(rules, RULES);
    // a tree as somebody might make one up: process 1 and a link to a process that is not falco
    Deno.mkdirSync(`${folder}/proc/1`, { recursive: true });
    Deno.symlinkSync("1", `${folder}/proc/self`);
    const opener = new Deno.Command("sh", {
      args: ["-c", 'while read -r path; do : > "$path"; done'],
      stdin: "piped",
    }).spawn();
    const input = opener.stdin.getWriter();
    const falco = await FalcoProcess.start(
      ["-r", rules, "-o", "engine.kind=modern_ebpf"],
      undefined,
      wrapper.map((word) => word.replace("FOLDER", folder)),
    );
    try {
      const beforeMs = Date.now();
      await run("/bin/true", "foreign-view-mark");
      const command = await falco.alert("Marked command");
      const atMs = Number(BigInt(String(command.output_fields["evt.time"])) / 1_000_000n);
      assert.ok(Math.abs(atMs - beforeMs) < 5000, `${atMs} is not near ${beforeMs}`);
      assert.match(command.output, /command true foreign-view-mark/);

      await input.write(new TextEncoder().encode(`${folder}/foreign-view-file\n`));
      const file = await falco.alert("Marked file");
      assert.match(file.output, knowsOthers ? /of sh, / : /of (sh|<NA>), started by <NA>/);

      const expected = says === null ? null : new RegExp(says.source.replace("FOLDER", folder));
      const internal = falco.alerts.filter(({ rule }) =>
        rule === "Falco internal: processes of another host"
      );
      assert.equal(internal.length, expected === null ? 0 : 1);
      if (expected !== null) {
        assert.match(internal[0]!.output, expected);
        assert.ok(falco.log.some((line) => expected.test(line)), falco.log.join("\n"));
      }
    } finally {
      await input.close();
      await opener.status;
      // unshare passes no other signal on to its child
      await falco.stop(wrapper.includes("--fork") ? "SIGKILL" : "SIGINT");
      Deno.removeSync(folder, { recursive: true });
    }
  });
}
