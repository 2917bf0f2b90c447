// The subcommands: arguments, descriptions, help. The work of each is loaded when it is called: help, completion and man pages
// need none of it, and `falco check` needs no engine.
// In: the program. Out: the program with its subcommands.
// Elsewhere: their flags (flags.ts, add_flags.ts), their work (commands/).

import { Argument, type Command, CommanderError } from "commander";
import { SHELLS } from "./completions/shells.ts";
import { USAGE_ERROR } from "./failure.ts";
import { addFlags } from "./add_flags.ts";
import { SUBJECTS } from "./list/subjects.ts";

/** Gets the exit code of the command that was called. */
type Done = (exitCode: number) => void;

const COMPLETION_HELP = `
For this shell alone, or for good:
  bash: source <(falco completion bash)      or into /etc/bash_completion.d/falco
  zsh:  source <(falco completion zsh)       or into a folder of $fpath, as _falco
  fish: falco completion fish | source       or into ~/.config/fish/completions/falco.fish`;

export function addSubcommands(program: Command, done: Done): void {
  addList(program, done);
  addReplay(program, done);
  addCheck(program, done);
  addTest(program, done);
  addDoctor(program, done);
  addEvents(program, done);
  addRecord(program, done);
  addFmt(program, done);
  addLsp(program, done);
  addArtifact(program, done);
  addExplain(program, done);
  addProfile(program, done);
  addBench(program, done);
  addOperator(program, done);
  addImport(program, done);
  addCompletion(program, done);
}

function addList(program: Command, done: Done): void {
  const help = Object.entries(SUBJECTS).map(([name, words]) => `  ${name.padEnd(8)} ${words}`);
  addFlags(program.command("list"), "list")
    .usage("[flags] <subject> [name...]")
    .description("Lists fields, events, settings, or what the rules files define.")
    .addArgument(subjectArgument())
    .argument("[name...]", "names, parts of names, or patterns with * and ?")
    .addHelpText("after", `\nSubjects:\n${help.join("\n")}\n\nA single full name shows all about it.`)
    .action(async (subject, patterns, options) => {
      const { list } = await import("./commands/list.ts");
      done(await list(subject, patterns, options));
    });
}

/** Without commander's check: the command knows what was meant. */
function subjectArgument(): Argument {
  const argument = new Argument("<subject>", "what to list");
  argument.argChoices = Object.keys(SUBJECTS);
  return argument;
}

function addReplay(program: Command, done: Done): void {
  addFlags(program.command("replay"), "replay")
    .argument("<trace>", "a capture file in the .scap format")
    .description("Evaluates rules against a capture file instead of this host.")
    .action(async (trace, options) => {
      const { replay } = await import("./commands/replay.ts");
      done(await replay(trace, options));
    });
}

function addCheck(program: Command, done: Done): void {
  addFlags(program.command("check"), "check")
    .argument("<path...>", "rules files in the order of loading, folders of them, or - for standard input")
    .description("Checks rules files: every error and warning of all files at once.")
    .addHelpText(
      "after",
      "\nExit code: 0 no errors, 1 errors, 2 usage error; with --fix, of what is left. docs/diagnostics.md explains every id.",
    )
    .exitOverride((error) => {
      throw new CommanderError(error.exitCode === 0 ? 0 : USAGE_ERROR, error.code, error.message);
    })
    .action(async (paths, options) => {
      const { check } = await import("./commands/check.ts");
      done(await check(paths, options));
    });
}

function addTest(program: Command, done: Done): void {
  addFlags(program.command("test"), "test")
    .argument(
      "[path...]",
      "test files, or folders with *.test.yaml files in and below them (default: this folder)",
    )
    .description("Runs tests of rules: what happens in a case, and which rules shall fire. Needs no root.")
    .addHelpText(
      "after",
      "\nExit code: 0 all passed, 1 a case failed, 2 test files or rules are wrong. docs/testing-rules.md has the format.",
    )
    .exitOverride((error) => {
      throw new CommanderError(error.exitCode === 0 ? 0 : USAGE_ERROR, error.code, error.message);
    })
    .action(async (paths, options) => {
      const { test } = await import("./commands/test.ts");
      done(await test(paths, options));
    });
}

function addDoctor(program: Command, done: Done): void {
  addFlags(program.command("doctor"), "doctor")
    .description("Checks whether this host can be monitored and suggests what to do where it cannot.")
    .action(async (options) => {
      const { doctor } = await import("./commands/doctor.ts");
      done(await doctor(options));
    });
}

function addEvents(program: Command, done: Done): void {
  addFlags(program.command("events"), "events")
    .argument("[filter...]", "a condition as in rules, such as: evt.type = openat and proc.name = cat")
    .description("Prints events as they come, those of this host or of a recording.")
    .action(async (words, options) => {
      const { events } = await import("./commands/events.ts");
      done(await events(words, options));
    });
}

function addRecord(program: Command, done: Done): void {
  addFlags(program.command("record"), "record")
    .argument("[filter...]", "record only what matches this condition")
    .description("Records the events of this host into a .scap file, until it is interrupted.")
    .action(async (words, options) => {
      const { record } = await import("./commands/record.ts");
      done(await record(words, options));
    });
}

function addFmt(program: Command, done: Done): void {
  addFlags(program.command("fmt"), "fmt")
    .argument(
      "<path...>",
      "rules or settings files, folders of them, or - for standard input to standard output",
    )
    .description("Writes rules files in one layout; comments, anchors and what the rules mean stay.")
    .addHelpText(
      "after",
      "\nExit code: 0 done, 1 a file that is no YAML or, with --check, in another layout, 2 usage error.",
    )
    .exitOverride((error) => {
      throw new CommanderError(error.exitCode === 0 ? 0 : USAGE_ERROR, error.code, error.message);
    })
    .action(async (paths, options) => {
      const { fmt } = await import("./commands/fmt.ts");
      done(await fmt(paths, options));
    });
}

function addLsp(program: Command, done: Done): void {
  addFlags(program.command("lsp"), "lsp")
    .description("Serves editors: a language server for rules and settings on standard input and output.")
    .addHelpText("after", "\nEditors start it. docs/editors.md says how each of them is told.")
    .action(async () => {
      const { lsp } = await import("./commands/lsp.ts");
      done(await lsp());
    });
}

const REFERENCES = "names of an index, or registry/repository, with :tag, :range or @digest";
const CONFIGURED = "; none: those of the settings";

function addImport(program: Command, done: Done): void {
  const group = program.command("import")
    .description("Makes rules for falco of rules that are written for something else.")
    .helpCommand(false);
  addFlags(group.command("sigma"), "import sigma")
    .argument("<path...>", "Sigma rules, or folders of them")
    .description(
      "Converts Sigma's rules for Linux, and lists those that have no counterpart with the reason.",
    )
    .addHelpText("after", "\nExit code: 0 all converted, 1 some were not, 2 usage error.")
    .exitOverride((error) => {
      throw new CommanderError(error.exitCode === 0 ? 0 : USAGE_ERROR, error.code, error.message);
    })
    .action(async (paths, options) => {
      const { importSigmaRules } = await import("./commands/import_sigma.ts");
      done(await importSigmaRules(paths, options));
    });
}

function addArtifact(program: Command, done: Done): void {
  const artifact = program.command("artifact")
    .description("Finds, installs and follows rules and plugins that are in OCI registries.")
    .helpCommand(false);
  const add = (name: ArtifactVerb, words: string, description: string, about: string) =>
    addFlags(artifact.command(name), `artifact ${name}`)
      .argument(words, about)
      .description(description)
      .action(async (names, options) => {
        const commands = await import("./commands/artifact.ts");
        done(await commands[name](names, options));
      });
  add("search", "[word...]", "Lists artifacts of the indexes that all words are found in.", "words");
  add(
    "info",
    "<artifact>",
    "Shows an artifact: its version, what it needs, its signature, its tags.",
    REFERENCES,
  );
  add(
    "install",
    "[artifact...]",
    "Installs artifacts, when their signatures and their rules are good.",
    REFERENCES + CONFIGURED,
  );
  add(
    "follow",
    "[artifact...]",
    "Installs artifacts and every new version of them, until it is interrupted.",
    REFERENCES + CONFIGURED,
  );
  add("list", "[name...]", "Lists installed artifacts.", "their names");
  add(
    "verify",
    "[artifact...]",
    "Checks signatures in the registry, or files of installed artifacts.",
    `${REFERENCES}; none: all that is installed`,
  );
  add("remove", "<name...>", "Removes installed artifacts.", "their names");
}

function addOperator(program: Command, done: Done): void {
  addFlags(program.command("operator"), "operator")
    .description("Runs falco in a Kubernetes cluster, as objects of Falco's operator say.")
    .addHelpText(
      "after",
      "\nIt runs in the cluster: kubectl apply -f deploy/falco-operator.yaml (docs/operator.md).",
    )
    .action(async (options) => {
      const { operator } = await import("./commands/operator.ts");
      done(await operator(options));
    });
}

type ArtifactVerb = "search" | "info" | "install" | "follow" | "list" | "verify" | "remove";

function addExplain(program: Command, done: Done): void {
  addFlags(program.command("explain"), "explain")
    .usage("[flags] (<rule> (--trace <file> | -- <command...>) | --alert <file>)")
    .argument("[rule]", "the name of a rule")
    .argument("[command...]", "after --: watch this command and the processes that it starts, while it runs")
    .description(
      "Explains why a rule did or did not match: how near events came, and which checks kept them away.",
    )
    .addHelpText("after", "\nExit code: 0 the condition was true, 1 it was not, or an error.")
    .action(async (rule, command, options) => {
      const { explain } = await import("./commands/explain.ts");
      done(await explain(rule === undefined ? [] : [rule, ...command], options));
    });
}

function addProfile(program: Command, done: Done): void {
  addFlags(program.command("profile"), "profile")
    .description(
      "Measures what each rule costs, on this host or on a recording, and where its evaluations end.",
    )
    .action(async (options) => {
      const { profile } = await import("./commands/profile.ts");
      done(await profile(options));
    });
}

function addBench(program: Command, done: Done): void {
  addFlags(program.command("bench"), "bench")
    .description(
      "Measures what falco adds to system calls on this host, and what a flood of events does to it.",
    )
    .addHelpText(
      "after",
      "\nIt takes about a minute; stop a falco that runs as a service meanwhile. docs/performance.md explains the figures.",
    )
    .action(async (options) => {
      const { bench } = await import("./commands/bench.ts");
      done(await bench(options));
    });
}

function addCompletion(program: Command, done: Done): void {
  program.command("completion")
    .description("Prints a script that completes commands, flags and values in a shell.")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText("after", COMPLETION_HELP)
    .action(async (shell) => {
      const { completion } = await import("./commands/completion.ts");
      done(await completion(shell, program));
    });
}
