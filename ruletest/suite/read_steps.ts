// The events of a case: lines and mappings become steps.
// In: the values of `before` and `events`. Out: steps that a scene can play.
// Elsewhere: what a word does (scenario/words/), events of other sources and recordings (read_inputs.ts).
//
//   - openat /etc/shadow read = EACCES
//   - {by: shell, connect: 203.0.113.5:4444}
//   - spawn: [sh, -c, id]
//     as: shell
//     do: [dup2 last stdin]
//   - ptrace: {request: PTRACE_ATTACH, pid: 5}

import { didYouMean, parseDuration } from "../../base/mod.ts";
import { MappedText, short, type Span, type YamlNode, type YamlScalar } from "../../rules/mod.ts";
import { CURRENT_EVENTS } from "../../schema/mod.ts";
import type { Names } from "../scenario/params.ts";
import { splitWords } from "../scenario/split_words.ts";
import type { Action, Step } from "../scenario/step.ts";
import { eventOf, readAnyEvent } from "../scenario/words/any_event.ts";
import type { Arg, WordArgs } from "../scenario/words/word.ts";
import { WORDS } from "../scenario/words/words.ts";
import { entriesOf, type NodeReader, valueOf } from "./nodes.ts";
import { INPUT_WORDS, readInput } from "./read_inputs.ts";
import { unknownProcess } from "./read_process.ts";

export const STEP_KEYS = ["by", "as", "do", "times", "after"] as const;
const MAX_TIMES = 100_000;
const MAX_DEPTH = 20;
const NS_PER_MS = 1_000_000n;

export class StepReader {
  /** names of processes that steps may say */
  readonly #known: Set<string>;

  constructor(
    readonly reader: NodeReader,
    readonly names: Names,
    known: Iterable<string>,
    /** where paths of recordings begin */
    readonly folder: string,
  ) {
    this.#known = new Set(known);
  }

  read(node: YamlNode | undefined, depth = 0): Step[] {
    if (depth > MAX_DEPTH && node !== undefined) {
      this.reader.fail("invalid-test", node, `\`do\` is nested deeper than ${MAX_DEPTH}`);
      return [];
    }
    return this.reader.list(node).flatMap((item) => this.#step(item, depth) ?? []);
  }

  #step(node: YamlNode, depth: number): Step | undefined {
    if (node.kind === "scalar") {
      const action = this.#line(node);
      return action && { text: short(node.value), span: node.span, times: 1, afterNs: 0n, action, then: [] };
    }
    const map = this.reader.map(node, "an event");
    if (map === undefined) return undefined;
    const own: readonly string[] = STEP_KEYS;
    const words = entriesOf(map).filter(({ key }) => !own.includes(key.value));
    const [word, other] = words;
    if (word === undefined) {
      return this.reader.fail("invalid-test", node, "this says no event", {
        hint: "write its type as a key: `openat: /etc/shadow read`",
      });
    }
    if (other !== undefined) {
      return this.reader.fail(
        "invalid-test",
        other.key.span,
        `\`${short(other.key.value)}\` is a second event besides \`${short(word.key.value)}\``,
        {
          hint:
            "give each event an entry of its own, or put parameters below the event: `openat: {name: /etc/shadow}`",
        },
      );
    }
    const action = this.#word(word.key, word.value);
    const by = this.#processName(valueOf(map, "by"));
    const as = this.reader.text(valueOf(map, "as"), "`as`");
    if (as !== undefined) this.#known.add(as);
    for (const key of ["as", "do"]) {
      if (map.entries.has(key) && WORDS[word.key.value]?.makesProcess !== true) {
        this.reader.fail(
          "invalid-test",
          map.entries.get(key)!.key.span,
          `\`${short(word.key.value)}\` makes no process that \`${key}\` could be about`,
          { hint: "`spawn` and `fork` do" },
        );
      }
    }
    const then = this.read(valueOf(map, "do"), depth + 1);
    const times = this.reader.whole(valueOf(map, "times"), "`times`", MAX_TIMES) ?? 1;
    const afterNs = this.#duration(valueOf(map, "after"));
    if (action === undefined) return undefined;
    return {
      text: short(textOf(word.key.span, word.value)),
      span: word.key.span,
      times,
      afterNs,
      action,
      then,
      ...(by === undefined ? {} : { by }),
      ...(as === undefined ? {} : { as }),
    };
  }

  #processName(node: YamlNode | undefined): string | undefined {
    const name = this.reader.text(node, "`by`");
    if (name === undefined || this.#known.has(name)) return name;
    return unknownProcess(this.reader, node!, name, this.#known);
  }

  #duration(node: YamlNode | undefined): bigint {
    const text = this.reader.text(node, "`after`");
    if (text === undefined) return 0n;
    const ms = parseDuration(text);
    if (!Number.isNaN(ms)) return BigInt(Math.round(ms)) * NS_PER_MS;
    this.reader.fail("invalid-test", node!, `\`${short(text)}\` is no duration`, {
      hint: "write it as 500ms, 10s or 2m",
    });
    return 0n;
  }

  #line(node: YamlScalar): Action | undefined {
    const { words, problem } = splitWords(node.value);
    if (problem !== undefined) return this.reader.fail("invalid-test", node, problem);
    const [first] = words;
    if (first === undefined) return this.reader.fail("empty-value", node, "an event is empty");
    const span = spanIn(node, first.start, first.end);
    return this.#read(first.text, span, argsOfLine(first.text, node, node.value.slice(first.end), first.end));
  }

  #word(key: YamlScalar, value: YamlNode): Action | undefined {
    const { reader } = this;
    if (INPUT_WORDS.includes(key.value)) return readInput(reader, key, value, this.folder);
    if (value.kind === "null") return this.#read(key.value, key.span, NO_ARGS);
    if (value.kind === "scalar") {
      const { problem } = splitWords(value.value);
      if (problem !== undefined) return reader.fail("invalid-test", value, problem);
      return this.#read(key.value, key.span, argsOfLine(key.value, value, value.value, 0));
    }
    if (value.kind === "sequence") {
      const positional = value.items.flatMap((item): Arg[] => {
        const text = reader.text(item, `an argument of \`${short(key.value)}\``);
        return text === undefined ? [] : [{ texts: [text], span: item.span, node: item }];
      });
      return this.#read(key.value, key.span, { positional, named: new Map() });
    }
    const named = new Map<string, Arg>();
    for (const { key: name, value: item } of value.entries.values()) {
      const texts = reader.texts(item, `\`${short(name.value)}\``);
      named.set(name.value, { texts, span: item.span, node: item });
    }
    const result = named.get("returns");
    named.delete("returns");
    return this.#read(key.value, key.span, {
      positional: [],
      named,
      ...(result === undefined ? {} : { result }),
    });
  }

  #read(
    word: string,
    span: Span,
    given: Pick<WordArgs, "positional" | "named" | "result">,
  ): Action | undefined {
    const args: WordArgs = { reader: this.reader, names: this.names, word, span, ...given };
    const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    if (known !== undefined) return known.read(args);
    const event = eventOf(word);
    if (event !== undefined) return readAnyEvent(args, event);
    return this.reader.fail("unknown-event-type", span, `there is no event \`${short(word)}\``, {
      hint: didYouMean(word, [...Object.keys(WORDS), ...CURRENT_EVENTS.map(({ name }) => name)]) ??
        "falco list events lists them",
    });
  }
}

/** What follows them is a command line, whose `name=value` is the program's. */
const PROGRAM_WORDS = ["execve", "execveat", "spawn"];
const NO_ARGS = { positional: [], named: new Map<string, Arg>() };

/** `name=value` names a parameter; what follows a `=` of its own is what the call returned. */
function argsOfLine(
  word: string,
  node: YamlScalar,
  rest: string,
  from: number,
): Pick<WordArgs, "positional" | "named" | "result"> {
  const positional: Arg[] = [];
  const named = new Map<string, Arg>();
  const words = splitWords(rest).words.map((word) => ({
    ...word,
    start: word.start + from,
    end: word.end + from,
  }));
  let result: Arg | undefined;
  for (let at = 0; at < words.length; at++) {
    const { text, start, end, isQuoted } = words[at]!;
    const after = words[at + 1];
    if (text === "=" && !isQuoted && after !== undefined && at + 2 === words.length) {
      result = { texts: [after.text], span: spanIn(node, after.start, after.end) };
      break;
    }
    const pair = isQuoted || PROGRAM_WORDS.includes(word) ? null : /^([a-z_][a-z0-9_]*)=(.*)$/.exec(text);
    const span = spanIn(node, start, end);
    if (pair !== null && isParameter(pair[1]!)) named.set(pair[1]!, { texts: [pair[2]!], span });
    else positional.push({ texts: [text], span });
  }
  return { positional, named, ...(result === undefined ? {} : { result }) };
}

const PARAMETERS = new Set([
  ...CURRENT_EVENTS.flatMap(({ params }) => params.map(({ name }) => name)),
  ...["from", "on", "to", "protocol", "realpath"],
]);

/** Other words with `=` are arguments: `dd if=/dev/zero`. */
function isParameter(name: string): boolean {
  return PARAMETERS.has(name);
}

function spanIn(node: YamlScalar, start: number, end: number): Span {
  const text = node.text as MappedText | undefined;
  return text === undefined ? node.span : text.span(start, end);
}

function textOf(key: Span, value: YamlNode): string {
  const end = value.kind === "null" ? key.end : value.span.end;
  return key.source.text.slice(key.start, Math.min(end, key.start + 200));
}
