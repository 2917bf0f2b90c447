// The flags of all commands: one row for each flag, with the commands that have it.
// In: nothing. Out: the table.
// Elsewhere: what commander gets of it (add_flags.ts), what flags before a command's name mean for it (early_flags.ts), what each
// command does with them.

import { ARTIFACT_COMMANDS, type CommandName, type Flag } from "./flag.ts";
import { amount, amountOrNone, wholeNumber } from "./quantities.ts";

const FILTER_RULES = "rules files whose macros and lists the filter may use (repeatable)";
const ARTIFACTS = ARTIFACT_COMMANDS.map((name) => `artifact ${name}` as const);
const FETCHES: readonly CommandName[] = [
  "artifact info",
  "artifact install",
  "artifact follow",
  "artifact verify",
];
const INSTALLS: readonly CommandName[] = ["artifact install", "artifact follow"];
const RUNS: readonly CommandName[] = [
  "falco",
  "replay",
  "list",
  "events",
  "record",
  "explain",
  "profile",
  "bench",
];

export const FLAGS: readonly Flag[] = [
  // rules and settings
  {
    flags: "-r <file|folder>",
    help: "rules to load, instead of the bundled ones (repeatable)",
    helpFor: {
      events: FILTER_RULES,
      record: FILTER_RULES,
      test: "rules to test where a test file names none (repeatable)",
    },
    of: [...RUNS, "test"],
    repeatable: true,
  },
  {
    flags: "-c <file>",
    help: "configuration file (default: /etc/falco/falco.yaml, if it exists)",
    of: [...RUNS, "check", "doctor", ...ARTIFACTS],
  },
  {
    flags: "-o, --option <key=value>",
    help: "one setting, see falco list config (repeatable)",
    of: [...RUNS, "check", "doctor", ...ARTIFACTS],
    repeatable: true,
  },
  {
    flags: "--lenient",
    help: "unknown keys and wrong values of settings are only warnings",
    of: RUNS,
  },

  // a run
  {
    flags: "-M <seconds>",
    help: "stop after this many seconds; 0: never",
    of: ["falco", "replay", "events"],
    parse: amountOrNone("-M", "seconds"),
  },
  { flags: "-P, --pidfile <file>", help: "write the process id to this file", of: ["falco", "replay"] },
  {
    flags: "-p, --print <format>",
    help: "add a text to the output of every rule; -pc and -pk add the container and the pod. The setting " +
      "append_output does more",
    helpFor: { events: "what to print of each event, as in the output of a rule" },
    of: ["falco", "replay", "events"],
  },
  { flags: "-U, --unbuffered", help: "write every alert on its own", of: ["falco", "replay"] },
  {
    flags: "-V, --validate <file>",
    help: "validate rules files in Falco's form (repeatable); see also: falco check",
    of: ["falco"],
    repeatable: true,
  },
  { flags: "-v, --verbose", help: "print all counters at the end", of: ["falco", "replay"] },
  {
    flags: "--enable-source <source>",
    help: "run only this event source (repeatable)",
    of: ["falco"],
    repeatable: true,
  },
  {
    flags: "--disable-source <source>",
    help: "do not run this event source (repeatable)",
    of: ["falco"],
    repeatable: true,
  },
  {
    flags: "--strict-start",
    help: "do not start when something in settings or rules files is wrong",
    of: ["falco"],
  },
  { flags: "--dry-run", help: "load settings and rules, then stop", of: ["falco"] },
  {
    flags: "--copy",
    help: "copy events out of the ring buffers instead of reading them in place",
    of: ["falco"],
  },

  // what prints something and ends
  { flags: "--version", help: "print versions; as JSON with -o json_output=true", of: ["falco"] },
  { flags: "--page-size", help: "print the size of a memory page", of: ["falco"] },
  { flags: "-L", help: "describe all rules; as JSON with -o json_output=true", of: ["falco"] },
  { flags: "-l <rule>", help: "describe one rule", of: ["falco"] },
  { flags: "--list [source]", help: "list fields, all or those of a source", of: ["falco"] },
  { flags: "-N", help: "with --list: names alone", of: ["falco"] },
  { flags: "--list-events", help: "list event types with their parameters", of: ["falco"] },
  {
    flags: "--format <form>",
    help: "output format of --list and --list-events: text, markdown or json",
    of: ["falco"],
  },
  { flags: "--markdown", help: "the same as --format markdown", of: ["falco"], hidden: true },
  { flags: "--list-plugins", help: "list what is in for plugins", of: ["falco"] },
  { flags: "--plugin-info <name>", help: "describe one of these", of: ["falco"] },
  { flags: "--config-schema", help: "print the JSON schema of falco.yaml", of: ["falco"] },
  { flags: "--rule-schema", help: "print the JSON schema of a rules file", of: ["falco"] },
  {
    flags: "--support",
    help: "print diagnostic information for a bug report, as JSON; secrets are masked",
    of: ["falco"],
  },
  { flags: "-i", help: "list system calls that are not captured by default", of: ["falco"] },

  // falco list, falco doctor
  {
    flags: "--json",
    help: "print JSON",
    of: [
      "list",
      "doctor",
      "explain",
      "profile",
      "bench",
      "artifact search",
      "artifact info",
      "artifact list",
    ],
  },
  { flags: "--no-self-test", help: "skip loading the probe and making test events", of: ["doctor"] },
  { flags: "--make-events <mark>", help: "the self-test's other process", of: ["doctor"], hidden: true },
  { flags: "--make <what>", help: "the process that is watched meanwhile", of: ["bench"], hidden: true },

  // falco artifact
  {
    flags: "--key <file>",
    help: "cosign's public key that artifacts must be signed by (repeatable)",
    of: FETCHES,
    repeatable: true,
  },
  {
    flags: "--certificate-identity <name>",
    help: "who must have signed artifacts without a key: a URL or an e-mail address",
    of: FETCHES,
  },
  {
    flags: "--certificate-identity-regexp <expression>",
    help: "a regular expression that fits somewhere in that name",
    of: FETCHES,
  },
  {
    flags: "--certificate-oidc-issuer <url>",
    help: "the service that knew whose name it is",
    of: FETCHES,
  },
  {
    flags: "--certificate-oidc-issuer-regexp <expression>",
    help: "a regular expression that fits somewhere in that URL",
    of: FETCHES,
  },
  {
    flags: "--trusted-root <file>",
    help:
      "Sigstore's trusted_root.json, for signatures without a key (default: the setting artifacts.trusted_root)",
    of: FETCHES,
  },
  { flags: "--allow-unverified", help: "check no signatures", of: INSTALLS },
  { flags: "--plain-http", help: "ask registries without TLS", of: FETCHES },
  { flags: "--no-deps", help: "leave out what artifacts depend on", of: INSTALLS },
  {
    flags: "--every <seconds>",
    help: "how often to look for new versions (default: the setting artifacts.follow_every)",
    of: ["artifact follow"],
    parse: amount("--every", "seconds"),
  },
  {
    flags: "--cron <expression>",
    help:
      "when to look, in place of --every: `0 3 * * *`, `@daily` (default: the setting artifacts.follow_cron)",
    of: ["artifact follow"],
  },

  // falco operator
  {
    flags: "--image <reference>",
    help: "image of the instances of falco",
    of: ["operator"],
    mandatory: true,
  },
  {
    flags: "--namespace <name>",
    help: "namespace of the operator itself, for its Lease",
    of: ["operator"],
    mandatory: true,
  },
  { flags: "--identity <name>", help: "who asks for the Lease: the pod", of: ["operator"], mandatory: true },
  {
    flags: "--health-port <n>",
    help: "port of /healthz",
    of: ["operator"],
    parse: wholeNumber("--health-port", "ports"),
  },
  {
    flags: "--exclude-label <key>",
    help: "label that what belongs to an instance does not inherit, with * for anything (repeatable)",
    of: ["operator"],
    repeatable: true,
  },

  // falco check
  {
    flags: "--format <format>",
    help: "of the findings",
    of: ["check"],
    choices: ["text", "json", "sarif"],
    default: "text",
  },
  { flags: "--strict", help: "warnings are errors", of: ["check"] },
  {
    flags: "--costs",
    help: "also say which rules have every open reported by the kernel, and for which part of them",
    of: ["check"],
  },
  {
    flags: "--fix [which]",
    help: "write what can be fixed without a question into the files; --fix=all: every first suggestion",
    of: ["check"],
    choices: ["safe", "all"],
  },

  // falco fmt
  { flags: "--check", help: "write nothing; exit code 1 when a file is in another layout", of: ["fmt"] },
  { flags: "--diff", help: "write nothing; print what would change", of: ["fmt"] },

  // falco lsp
  // falco import
  {
    flags: "-o, --output-dir <folder>",
    help: "folder for the rules files that are made",
    of: ["import sigma"],
    mandatory: true,
  },
  { flags: "--stdio", help: "the only transport there is; editors name it", of: ["lsp"] },
  {
    flags: "--ignore <id>",
    help: "switch a warning off, by its id or Falco's code (repeatable)",
    of: ["check"],
    repeatable: true,
  },
  {
    flags: "--show <id>",
    help: "also report a finding that is off by default (repeatable)",
    of: ["check"],
    repeatable: true,
  },

  // falco test
  { flags: "--filter <text>", help: "only cases whose name holds this text", of: ["test"] },
  { flags: "--verbose", help: "name the cases that passed, too", of: ["test"] },
  {
    flags: "--format <format>",
    help: "of the results",
    of: ["test"],
    choices: ["people", "tap", "junit", "github", "json"],
    default: "people",
  },
  { flags: "--watch", help: "run again when a file changes, until it is interrupted", of: ["test"] },
  {
    flags: "--update",
    help: "put outputs and fields that came in place of those that were expected",
    of: ["test"],
  },
  {
    flags: "--coverage <form>",
    help: "show which checks of the rules no case has shown true and false",
    of: ["test"],
    choices: ["text", "lcov", "html"],
  },
  {
    flags: "--coverage-file <file>",
    help: "where it is written (default: rules-coverage.lcov, rules-coverage.html, or standard output)",
    of: ["test"],
  },
  {
    flags: "--min-coverage <percent>",
    help: "fail when the coverage is less",
    of: ["test"],
    parse: amountOrNone("--min-coverage", "percent"),
  },
  {
    flags: "--record <name>",
    help: "run the command after -- on this host, and make a case of what happens (root)",
    of: ["test"],
  },
  { flags: "--schema", help: "print the JSON schema of a test file", of: ["test"] },

  // falco events, falco record
  {
    flags: "--trace <file>",
    help: "print the events of this recording",
    helpFor: {
      profile: "measure on this recording instead of this host",
      explain: "events of this recording; a file of JSON events for rules of other sources",
    },
    of: ["events", "explain", "profile"],
  },
  {
    flags: "--max <n>",
    help: "stop after this many events",
    of: ["events"],
    parse: wholeNumber("--max", "events"),
  },
  {
    flags: "--event <number>",
    help: "this event of the recording alone, whatever its type; evt.num tells the number",
    of: ["explain"],
    parse: wholeNumber("--event"),
  },
  {
    flags: "--alert <file>",
    help: "an alert as JSON instead of a rule's name; -: from standard input",
    of: ["explain"],
  },
  {
    flags: "--full",
    help: "the whole condition, also where it does not decide",
    helpFor: { profile: "all rules, instead of those that cost most" },
    of: ["explain", "profile"],
  },
  { flags: "--html <file>", help: "write a page with plots, too", of: ["profile"] },
  { flags: "-w, --write <file>", help: "the recording", of: ["record"], mandatory: true },
  {
    flags: "--duration <seconds>",
    help: "stop after this many seconds",
    helpFor: {
      profile: "measure this host for so long (default 10)",
      bench: "open files as fast as possible for so long, three times (default 5)",
    },
    of: ["record", "profile", "bench"],
    parse: amount("--duration", "seconds"),
  },
  {
    flags: "--max-size <MB>",
    help: "stop when this much has been written",
    of: ["record"],
    parse: amount("--max-size", "megabytes"),
  },
  {
    flags: "--max-events <n>",
    help: "stop after this many events",
    of: ["record"],
    parse: wholeNumber("--max-events", "events"),
  },
  {
    flags: "--rotate-size <MB>",
    help: "begin a new file when one has this size",
    of: ["record"],
    parse: amount("--rotate-size", "megabytes"),
  },
  {
    flags: "--rotate-time <seconds>",
    help: "begin a new file after this many seconds",
    of: ["record"],
    parse: amount("--rotate-time", "seconds"),
  },
  {
    flags: "--keep <n>",
    help: "with rotation: keep only the latest files",
    of: ["record"],
    parse: wholeNumber("--keep", "files"),
  },
  {
    flags: "--snaplen <bytes>",
    help: "bytes kept of what is read and written (default 80)",
    of: ["events", "record"],
    parse: wholeNumber("--snaplen", "bytes"),
  },
];
