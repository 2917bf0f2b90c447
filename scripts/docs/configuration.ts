// The page docs/configuration.md: every setting, how files and options are joined, what Falco has dropped.
// In: the tables of config/. Out: Markdown. Elsewhere: writing the page (scripts/docs.ts), the same as a falco.yaml
// (cli/list/list_config.ts).

import type { Definition, Definitions } from "../../config/definition.ts";
import { DROPPED } from "../../config/dropped.ts";
import { VARIABLES } from "../../config/environment.ts";
import { SECTIONS } from "../../config/keys/sections.ts";
import { writtenDefault } from "../../config/schema.ts";
import { SINK_KEYS, SINK_NAME } from "../../config/sinks/common.ts";
import { SINK_TYPES } from "../../config/sinks/types.ts";
import { expected } from "../../config/value_words.ts";
import { code, prose, table } from "./markdown.ts";

const INTRODUCTION = `# Configuration

<!-- written by scripts/docs.ts from config/ -->

falco takes Falco's \`falco.yaml\`. \`falco list config > falco.yaml\` prints one to start from, with every setting, its
meaning and its default; \`falco --config-schema\` prints a JSON schema for editors.

\`\`\`sh
falco -c falco.yaml -o json_output=true -o http_output.url=http://127.0.0.1:2801/
falco list config http_output          # one section, or one setting
\`\`\`

## Where settings come from

In this order, each before the next:

1. the defaults below;
2. the file of \`-c\`, or else \`/etc/falco/falco.yaml\` if it exists;
3. each file of \`config_files\`, in its order; a folder stands for the files in it, sorted by name; what does not exist
   is skipped; files that are read so cannot name further ones;
4. each \`-o key=value\`. \`-o config_files=…\` counts before files are joined.

A further file joins by its \`strategy\`, for each key at its top:

| Strategy | Key is new | Key was there |
| --- | --- | --- |
| \`append\` (default) | added | a list grows; anything else, also a whole section, is replaced |
| \`override\` | added | replaced |
| \`add-only\` | added | left as it was |

\`\`\`yaml
config_files:
  - /etc/falco/config.d
  - path: /etc/falco/site.yaml
    strategy: override
\`\`\`

In files, \`\${NAME}\` in a value becomes that variable of the environment, or nothing when it is not set; variables that
its value names are replaced, too. \`$\${NAME}\` is the text \`\${NAME}\`. Rules files are left alone.

## One setting: \`-o\`

\`-o key=value\`, with the sections of the key joined by dots. \`[2]\` is an entry of a list, \`[]\` a new one at its end. A
backslash before \`.\`, \`[\`, \`]\` or \`\\\` takes it as part of a name. A name right below a list is a key of each of its entries, or of its first one where it has none:
\`append_output.suggested_output=false\`. A value that begins with \`{\` or \`[\` is YAML.

\`\`\`sh
falco -o engine.kind=replay -o engine.replay.capture_file=trace.scap
falco -o 'append_output[]={match: {source: syscall}, extra_output: "on %evt.hostname"}'
falco -o 'rules[0].disable.tag=network' -o 'rules[1].enable.rule=Shell*'
falco -o 'static_fields.site\\.name=berlin' -o 'sinks=[{type: file, filename: /var/log/falco.json, format: json}]'
\`\`\`

## When something is wrong

All mistakes of all files and options are reported at once, each with file, line and column. A monitor runs without what is
wrong and says so in the log, by an alert, in \`/healthz\` and in metrics ([faults.md](faults.md)); \`--strict-start\`, \`--dry-run\`
and one-shot commands refuse:

\`\`\`
Error: falco.yaml:5:3: unknown setting http_output.urll; did you mean \`http_output.url\`?
Error: falco.yaml:1:14: json_output must be true or false, not "perhaps"
Error: option "priority=loud": priority must be one of emergency, alert, critical, …
\`\`\`

With \`--lenient\` unknown keys and wrong values are warnings and no faults. Keys that Falco once had, and those that change
nothing here, are warnings in any case.

Times are written with units, as \`500ms\`, \`30s\`, \`1h30m\`, \`2h 5m\` (\`ms s m h d w y\`). Booleans are \`true\`, \`yes\`, \`on\` or \`y\`,
and \`false\`, \`no\`, \`off\` or \`n\`.

## Settings

Keys marked + are not Falco's.
`;

export function configurationPage(): string {
  const parts = [INTRODUCTION];
  for (const [title, keys] of Object.entries<Definitions>(SECTIONS)) {
    parts.push(`### ${title}\n\n${keyTable(keys)}\n`);
    for (const [key, definition] of Object.entries(keys)) {
      if (definition.type !== "list") continue;
      const { of } = definition;
      if (of.type === "record") parts.push(`Each entry of \`${key}\`:\n\n${keyTable(flatKeys(of.keys))}\n`);
      if (of.type === "tagged") parts.push(sinksText());
    }
  }
  parts.push(`## Variables of the environment\n\n${pairs("Variable", "Meaning", VARIABLES)}\n`);
  const dropped = Object.entries(DROPPED).map(([key, { instead }]) => [key, instead] as const);
  parts.push(
    "## Keys that Falco has dropped\n\nThey are ignored, with a warning that says what comes instead where they ask for " +
      "something: not where a section is switched off, nor where they have the value of Falco's old files. `rules_file`, the " +
      `old name of \`rules_files\`, still works.\n\n${
        pairs("Key", "Instead", Object.fromEntries(dropped))
      }\n`,
  );
  return parts.join("\n");
}

function sinksText(): string {
  const common = `Each entry of \`sinks\` has a \`type\`, and:\n\n${
    keyTable({ ...SINK_NAME, ...SINK_KEYS })
  }\n`;
  const types = Object.entries(SINK_TYPES).map(([name, { help, keys }]) => {
    const text = `#### \`type: ${name}\`\n\n${help.charAt(0).toUpperCase()}${help.slice(1)}.\n`;
    return Object.keys(keys).length === 0 ? text : `${text}\n${keyTable(keys)}\n`;
  });
  return [common, ...types].join("\n");
}

/** Keys of records within records, with their dots. */
function flatKeys(keys: Definitions, prefix = ""): Definitions {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([key, definition]) =>
      definition.type === "record"
        ? Object.entries(flatKeys(definition.keys, `${prefix}${key}.`))
        : [[prefix + key, definition]]
    ),
  );
}

function keyTable(keys: Definitions): string {
  const rows = Object.entries(keys).map(([key, definition]) => [
    code(key) + (definition.own ? " +" : ""),
    prose(typeText(definition)),
    defaultText(definition),
    words(meaning(definition)),
  ]);
  return table(["Key", "Type", "Default", "Meaning"], rows).join("\n");
}

function typeText(definition: Definition): string {
  const { type } = definition;
  switch (type) {
    case "int":
    case "number":
      return `${definition.min} to ${definition.max}`;
    case "duration":
      return expected(definition).replace(/^a /, "").replace(/, such as.*/, "");
    case "choice":
      return definition.choices.join(", ");
    case "texts":
      return definition.choices === undefined ? "list of texts" : "list";
    case "list":
      return "list";
    case "bool":
      return "true, false";
    default:
      return type === "any" ? "any" : expected(definition).replace(/^a /, "");
  }
}

function defaultText(definition: Definition): string {
  if (definition.required) return "needed";
  const value = definition.absent ?? writtenDefault(definition);
  if (value === undefined) return "";
  return code(typeof value === "string" && value !== "" ? value : JSON.stringify(value));
}

function meaning({ help, idle }: Definition): string {
  return idle === undefined ? help : `${help}. Changes nothing: ${idle}`;
}

/** Prose, in which backticks hold code. */
function words(text: string): string {
  return text.split(/(`[^`]+`)/).map((part, at) => at % 2 === 1 ? part.replaceAll("|", "\\|") : prose(part))
    .join("");
}

function pairs(head: string, other: string, entries: Readonly<Record<string, string>>): string {
  return table([head, other], Object.entries(entries).map(([key, text]) => [code(key), words(text)])).join(
    "\n",
  );
}
