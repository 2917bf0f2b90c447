// Completions and man pages know every command, flag and word of the command definitions, and shells read them.

import assert from "node:assert/strict";
import { commandTree, flattened } from "../../../cli/command_tree.ts";
import { COMPLETIONS } from "../../../cli/commands/completion.ts";
import { manPages } from "../../../cli/man/pages.ts";
import { pageName } from "../../../cli/man/command_page.ts";
import { paragraph } from "../../../cli/man/roff.ts";
import { createProgram } from "../../../cli/program.ts";
import { SETTINGS } from "../../../config/settings.ts";
import { runs } from "../../../scripts/compile/toolchain.ts";

const program = createProgram(() => {});
const tree = commandTree(program);
const nodes = flattened(tree);
const folder = Deno.makeTempDirSync({ prefix: "falco-completion-" });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const HAS_FISH = runs("fish", "--version");
const HAS_ZSH = runs("zsh", "--version");

function script(shell: keyof typeof COMPLETIONS): string {
  const path = `${folder}/falco.${shell}`;
  Deno.writeTextFileSync(path, COMPLETIONS[shell](tree));
  return path;
}

async function output(command: string, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** What bash offers after the words, the last of which is being typed. */
async function inBash(...words: string[]): Promise<string[]> {
  const drive = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; _falco; ` +
    `printf '%s\n' "\${COMPREPLY[@]}"`;
  return (await output("bash", ["-c", drive, script("bash"), ...words])).trim().split("\n");
}

async function inFish(line: string): Promise<string[]> {
  const text = await output("fish", ["--no-config", "-c", `source ${script("fish")}; complete -C'${line}'`]);
  return text.trim().split("\n").map((choice) => choice.split("\t")[0]!);
}

Deno.test("bash: each command offers its subcommands and all its flags", async () => {
  for (const node of nodes) {
    const commands = node.commands.map(({ path }) => path.at(-1)!);
    const found = commands.length > 0 ? await inBash("falco", ...node.path, "") : [];
    assert.deepEqual(found.toSorted(), commands.toSorted());
    const flags = await inBash("falco", ...node.path, "-");
    assert.deepEqual(flags, node.flags.flatMap(({ forms }) => forms), node.path.join(" "));
  }
});

Deno.test("bash: values are those of their flag, in every way to write it, and a value is no command", async () => {
  assert.deepEqual(await inBash("falco", "check", "--format", ""), ["text", "json", "sarif"]);
  assert.deepEqual(await inBash("falco", "check", "--format", "=", "s"), ["sarif"]);
  assert.deepEqual(await inBash("falco", "list", "ma"), ["macros"]);
  assert.deepEqual(await inBash("falco", "-r", "check", "repl"), ["replay"]);
  assert.deepEqual(await inBash("falco", "-c", `${folder}/falco.b`), [`${folder}/falco.bash`]);
  const settings = Object.keys(SETTINGS).map((key) => `${key}=`);
  assert.deepEqual(await inBash("falco", "-o", ""), settings);
});

Deno.test({
  name: `fish: commands, flags and values${HAS_FISH ? "" : " (skipped: there is no fish)"}`,
  ignore: !HAS_FISH,
  fn: async () => {
    assert.deepEqual(
      (await inFish("falco ")).toSorted(),
      tree.commands.map(({ path }) => path[0]).toSorted(),
    );
    for (const node of nodes) {
      const choices = await inFish(`${["falco", ...node.path].join(" ")} --`);
      // fish offers a flag that may have a value a second time, with `=`
      const offered = [...new Set(choices.map((choice) => choice.replace(/=$/, "")))];
      const long = node.flags.flatMap(({ forms }) => forms).filter((form) => form.startsWith("--"));
      assert.deepEqual(offered.toSorted(), long.toSorted());
    }
    assert.deepEqual((await inFish("falco check --format ")).toSorted(), ["json", "sarif", "text"]);
    assert.deepEqual(await inFish("falco -o watch_"), ["watch_config_files="]);
  },
});

Deno.test({
  name: `zsh reads its script, which names every flag${HAS_ZSH ? "" : " (skipped: there is no zsh)"}`,
  ignore: !HAS_ZSH,
  fn: async () => {
    const path = script("zsh");
    await output("zsh", ["-n", path]);
    const functions = Deno.readTextFileSync(path).split(/^}$/m);
    for (const node of nodes) {
      const name = ["_falco", ...node.path].join("_");
      const own = functions.find((text) => text.includes(`\n${name}() {`)) ?? "";
      for (const form of node.flags.flatMap(({ forms }) => forms)) {
        assert.ok(own.includes(`'*${form}`), `${name} ${form}`);
      }
    }
  },
});

Deno.test("there is a man page for each command, with each of its flags, and one with each setting", () => {
  const pages = manPages(program, "2026-01-01");
  const shown = (name: string) => pages.get(name)?.replaceAll("\\-", "-") ?? "";
  for (const node of nodes) {
    const page = shown(`${pageName(node)}.1`);
    for (const { flags } of node.flags) {
      assert.ok(page.includes(`.B "${flags}"`), `${pageName(node)} ${flags}`);
    }
    for (const child of node.commands) assert.ok(page.includes(`${pageName(child)}(1)`), pageName(child));
  }
  const settings = shown("falco.yaml.5");
  for (const name of Object.keys(SETTINGS)) assert.ok(settings.includes(`.B "${name}"`), name);
});

Deno.test("no text becomes a request of roff", () => {
  assert.equal(paragraph(".so /etc/shadow\n'ig\n\\n(.z"), ".PP\n\\&.so /etc/shadow\n\\&'ig\n\\en(.z");
});
