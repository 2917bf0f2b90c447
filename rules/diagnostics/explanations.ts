// Why each diagnostic is given, and the least file that gives it.
// In: nothing. Out: EXPLANATIONS, shown in docs/diagnostics.md (scripts/docs.ts) and in SARIF.
// Every example is loaded by a test and gives the diagnostic that it stands for.

import type { DiagnosticCode } from "./codes.ts";

export interface Explanation {
  /** in whole sentences */
  readonly why: string;
  /** a rules file; none where it takes more than a file to show it */
  readonly example?: string;
}

/** A whole rule around the line that matters. */
function rule(lines: string): string {
  const keys = ["rule: Example", "desc: an example", "output: opened %fd.name", "priority: NOTICE"];
  const own = lines.split("\n");
  const missing = keys.filter((key) =>
    !own.some((line) => line.startsWith(key.slice(0, key.indexOf(":") + 1)))
  );
  const [first, ...rest] = [...missing.slice(0, 2), ...own, ...missing.slice(2)];
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)].join("\n") + "\n";
}

function condition(text: string): string {
  return rule(`condition: evt.type = openat and ${text}`);
}

const GOOD = rule("condition: evt.type = openat and fd.name = /etc/shadow");

export const EXPLANATIONS: Readonly<Record<DiagnosticCode, Explanation>> = {
  "too-many-findings": {
    why: "After 5000 findings the rest is counted and not shown. The first ones usually explain the others.",
  },
  "file-unreadable": {
    why:
      "The file does not exist, may not be read, is larger than 16 MiB, or is not UTF-8 text; or it is no file but a " +
      "FIFO, a socket, a device, a file that the kernel makes up, a link that leads to nothing or in a circle. Only a pipe " +
      "that the command line names (`-`, `/dev/stdin`, `<(command)`, a FIFO of the user's own) is read. A directory " +
      "among the files of a folder is only warned about, and of a folder at most 1000 files are read.",
  },
  "yaml-syntax": {
    why: "Rules files are YAML. Nothing that stands behind a mistake in the YAML can be understood reliably.",
    example: "- list: shells\n  items: [bash, zsh\n- list: editors\n  items: [vi]\n",
  },
  "yaml-too-large": {
    why: "Aliases within aliases and very deep nesting can exhaust the memory. Rules need neither.",
  },
  "yaml-unknown-alias": {
    why: "An alias stands for the node with its anchor, which has to come before it in the same document.",
    example: "- list: shells\n  items: *known\n",
  },
  "yaml-alias-loop": {
    why: "A node that holds itself would never end.",
    example: "- list: shells\n  items: &all [bash, *all]\n",
  },
  "yaml-duplicate-key": {
    why:
      "Of a key that stands twice in a mapping only the first counts, here and in Falco. The other one is lost.",
    example: "- list: shells\n  items: [bash]\n  items: [zsh]\n",
  },
  "not-a-sequence": {
    why: "A rules file is a sequence: every item begins with `- `.",
    example: "rule: Example\ndesc: an example\n",
  },
  "not-a-mapping": {
    why: "An item consists of keys with values, such as `rule: …` and `condition: …`.",
    example: "- shell_in_container\n",
  },
  "wrong-type": {
    why: "The key takes another kind of value: a text, a sequence, a number, or true or false.",
    example: "- list: shells\n  items: bash\n",
  },
  "missing-key": {
    why: "A rule needs `condition`, `output`, `desc` and `priority`, a macro `condition`, a list `items`.",
    example: "- macro: open_read\n",
  },
  "empty-value": {
    why: "The key is there, and nothing stands behind it.",
    example: "- macro: open_read\n  condition:\n",
  },
  "invalid-priority": {
    why: "The priority decides whether a rule runs at all, and how alerts are sorted.",
    example: rule("condition: evt.type = openat\npriority: urgent"),
  },
  "invalid-override": {
    why:
      "`override` says for each key of the item whether it is appended to the earlier one or replaces it. " +
      "Every key has to be in it, and only keys that the item has.",
    example: GOOD + "- rule: Example\n  priority: ERROR\n  override:\n    priority: append\n",
  },
  "invalid-version": {
    why: "A required version is a number or three numbers with dots.",
    example: "- required_engine_version: newest\n",
  },
  "engine-version": {
    why: "The file was written for an engine with features that this one does not have.",
    example: "- required_engine_version: 0.99.0\n",
  },
  "plugin-version": {
    why: "The file was written for a plugin that is not there, or for another version of it.",
    example: "- required_plugin_versions:\n    - name: cloudtrail\n      version: 0.1.0\n",
  },
  "nothing-to-append": {
    why: "An appended rule without anything to append is most likely one whose keys were lost.",
    example: GOOD + "- rule: Example\n  append: true\n",
  },
  "nothing-to-append-to": {
    why: "Changes are applied in the order of the files: what is changed has to be defined before it.",
    example: "- list: shells\n  items: [fish]\n  override:\n    items: append\n",
  },
  "source-conflict": {
    why: "Rules of different sources judge different events: a rule cannot move from one to the other.",
    example: GOOD + rule("source: k8s_audit\ncondition: evt.type = openat"),
  },
  "invalid-exception": {
    why:
      "Fields, comparisons and values of an exception have to fit: one comparison and one element of each " +
      "value for each field.",
    example: condition(
      "fd.name = /etc/shadow\nexceptions:\n  - name: known\n    fields: [proc.name, fd.name]\n" +
        "    values: [[cat]]",
    ),
  },
  "undefined-macro": {
    why:
      "A word that stands alone in a condition is the name of a macro, which has to be defined before it is used.",
    example: condition("spawned_proces"),
  },
  "macro-loop": {
    why: "A macro that uses itself, directly or through others, would never end.",
    example:
      "- macro: a\n  condition: evt.type = open\n- macro: b\n  condition: a\n- macro: a\n  condition: b\n",
  },
  "too-complex": {
    why: "Lists and macros within each other expanded to more than a rule can reasonably hold.",
    example: "- macro: m0\n  condition: proc.pid = 1 and proc.pid = 2\n" +
      Array.from({ length: 20 }, (_, i) => `- macro: m${i + 1}\n  condition: m${i} and m${i}\n`).join(""),
  },
  "condition-syntax": {
    why: "The condition cannot be read from this word on. Checks are joined by `and` and `or`.",
    example: condition("fd.name = /etc/shadow proc.name = cat"),
  },
  "condition-too-deep": {
    why: "More than 300 parentheses within each other. Macros give the inner parts names.",
    example: condition(`${"(".repeat(320)}proc.pid = 1${")".repeat(320)}`),
  },
  "unknown-field": {
    why: "No field has this name. `falco list fields` shows all of them.",
    example: condition("proc.nam = cat"),
  },
  "field-argument": {
    why: "Some fields need an argument in brackets, such as `proc.aname[2]`; others take none.",
    example: condition("proc.name[1] = cat"),
  },
  "operator-type": {
    why: "The operator means nothing for values of this type: a number does not start with something.",
    example: condition("proc.pid startswith 1"),
  },
  "transformer-type": {
    why: "The transformer takes another kind of operand.",
    example: condition("tolower(proc.pid) = 1"),
  },
  "invalid-value": {
    why: "The text on the right cannot be a value of the field's type, so the check could never be meant.",
    example: condition("proc.pid = many"),
  },
  "invalid-regex": {
    why: "Regular expressions have RE2's POSIX syntax: no look-around, no back references.",
    example: condition('fd.name regex "(unclosed"'),
  },
  "unknown-event-type": {
    why: "No event and no system call has this name: the check could never be true.",
    example: rule("condition: evt.type = opennat"),
  },
  "field-comparison": {
    why: "`val(…)` compares two fields, which need the same type.",
    example: condition("proc.name = val(proc.pid)"),
  },
  "output-syntax": {
    why: "A percent sign begins a field; there is no escape for it.",
    example: rule("condition: evt.type = openat\noutput: 100 % certain"),
  },
  "unknown-output-field": {
    why: "No field has this name, so that nothing could be printed.",
    example: rule("condition: evt.type = openat\noutput: opened %fd.nam"),
  },
  "filter-only-field": {
    why: "The field stands for several values at once; it can be compared and not printed.",
    example: rule("condition: evt.type = connect\noutput: connected to %fd.ip"),
  },
  "unknown-source": {
    why: "No events come from this source, so its rules are left out.",
    example: rule("source: aws_cloudtrail\ncondition: evt.type = openat"),
  },
  "unsafe-na-check": {
    why:
      "A missing value is not the text <NA>: every check on it is false. `exists` tells whether there is one.",
  },
  "no-event-type": {
    why: "A condition without `evt.type` is tried on every event, which costs time for each of them.",
    example: rule("condition: proc.name = cat"),
  },
  "skipped-unknown": {
    why: "The rule uses a field or event that does not exist, and says `skip-if-unknown-filter`.",
    example: condition("proc.new_field = cat\nskip-if-unknown-filter: true"),
  },
  "unused-macro": {
    why: "Nothing uses the macro: perhaps its name is misspelt where it should be used.",
    example: "- macro: open_read\n  condition: evt.type = openat\n",
  },
  "unused-list": {
    why: "Nothing uses the list: perhaps its name is misspelt where it should be used.",
    example: "- list: shells\n  items: [bash, zsh]\n",
  },
  "unknown-item": {
    why: "An item is told by one of the keys `rule`, `macro`, `list`, `required_engine_version` and " +
      "`required_plugin_versions`. Others are ignored, as in Falco.",
    example: "- rul: Example\n  desc: an example\n",
  },
  "unknown-key": {
    why: "The key is ignored: it is misspelt, or belongs to another kind of item.",
    example: condition("fd.name = /etc/shadow\ntag: [filesystem]"),
  },
  "deprecated": {
    why: "It still works, and will not always.",
    example: GOOD + "- rule: Example\n  append: true\n  condition: and proc.name != cat\n",
  },
  "exception-without-values": {
    why: "An appended exception without values changes nothing.",
    example:
      condition("fd.name = /etc/shadow\nexceptions:\n  - {name: known, fields: proc.name, values: [cat]}") +
      "- rule: Example\n  exceptions:\n    - name: known\n  override:\n    exceptions: append\n",
  },
  "exception-name-twice": {
    why: "Later files can only append to the first of two exceptions that share a name.",
    example: condition(
      "fd.name = /etc/shadow\nexceptions:\n  - {name: known, fields: proc.name, values: [cat]}\n" +
        "  - {name: known, fields: proc.name, values: [less]}",
    ),
  },
  "invalid-macro-name": {
    why:
      "A name in a condition is a letter, then letters, digits and underscores: nothing can use this macro.",
    example: "- macro: open-read\n  condition: evt.type = openat\n",
  },
  "invalid-list-name": {
    why: "The name would be cut into pieces in a condition: nothing can use this list.",
    example: "- list: my shells\n  items: [bash]\n",
  },
  "field-as-value": {
    why: "What stands on the right is text. To compare with a field, write `val(field)`.",
    example: condition("proc.name = proc.pname"),
  },
  "unknown-list": {
    why:
      "A word behind `in` that is no list is compared as a text, silently in Falco. Most often a list is meant.",
    example: "- list: shell_binaries\n  items: [bash, zsh]\n" +
      condition("(proc.name in (shell_binaries) or proc.pname in (shell_binares))"),
  },
  "append-precedence": {
    why:
      "An appended condition stands behind the old one without parentheses, and `and` binds closer than `or`. " +
      "So an appended `or` escapes from everything before it.",
    example: GOOD + "- rule: Example\n  condition: or proc.name = cat\n  override:\n    condition: append\n",
  },
  "shadowed-rule": {
    why:
      "With `rule_matching: first`, the default, only the first rule that matches an event is reported. An earlier " +
      "rule matches whenever this one does, so this one is never reported.",
    example: GOOD +
      rule("rule: Second\ncondition: evt.type = openat and fd.name = /etc/shadow and proc.name = cat"),
  },
  "invalid-ignore": {
    why: "A comment that names no warning switches nothing off; errors cannot be switched off.",
    example: GOOD.replace("/etc/shadow", "/etc/shadow # falco: ignore no-evt-type"),
  },
  "always-true": {
    why:
      "A part that holds whatever the value is restricts nothing. With `!=` and `or`, `and` is usually meant.",
    example: condition("(proc.name != cat or proc.name != less)"),
  },
  "impossible-value": {
    why:
      "The field can never have this value, so the check is never true: the kernel keeps 15 characters of a " +
      "process's name, and a type of file is one of a few words.",
    example: condition("proc.name = a_name_of_more_than_15_characters"),
  },
  "missing-inequality": {
    why:
      "Every check on a missing value is false, `!=` included: where the field is missing, the rule does not match. " +
      "`not … = …` is true then.",
    example: condition("container.image.repository != docker.io/library/nginx"),
  },
  "unreachable-exception": {
    why: "The exception excludes what the rule does not match anyway.",
    example: condition("proc.name = cat\nexceptions:\n  - {name: known, fields: proc.name, values: [less]}"),
  },
  "simpler-operator": {
    why:
      "A regular expression that only means equality, a prefix, an ending or a part is slower than the operator.",
    example: condition('fd.name regex "/etc/.*"'),
  },
  "never-true": {
    why:
      "Checks exclude each other, or a field has no value in a condition, where a check on it is false. The whole " +
      "condition, or this part of it, can never hold.",
    example: condition("toupper(fd.types) in (FILE)"),
  },
  "value-out-of-range": {
    why: "The number is cut to the bits of the field, as in Falco, and then means another number.",
    example: rule("condition: evt.type = connect and fd.sport = 70000"),
  },
  "field-without-value": {
    why: "The field is known and nothing fills it yet. It is given only with `--show field-without-value`.",
  },
};
