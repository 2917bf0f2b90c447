// What there is to say about a configuration while it is read: problems and warnings, each with its place.
// In: places and messages. Out: lines for the user. A bound on how much is looked at keeps aliases within aliases from
// growing without end.

import { type Source, type Span, whereIs } from "../rules/mod.ts";

/** Nodes of all files and options together when aliases are followed. */
const MAX_NODES = 100_000;
/** More lines than this help nobody. */
const MAX_LINES = 100;

export class Findings {
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  /** what is right and not to be had here: a service that goes on without it says so as loudly as of a mistake */
  readonly missing: string[] = [];
  #nodes = 0;
  #wrongs = 0;
  #unknowns = 0;

  /** With `lenient` a wrong key is only warned about, and counts as absent. */
  constructor(readonly lenient = false) {}

  /** There is no such key. */
  unknown(place: Span, message: string): void {
    this.#unknowns++;
    this.wrong(place, message);
  }

  /** The configuration cannot be used like this. */
  wrong(place: Span, message: string): void {
    this.#wrongs++;
    if (this.lenient) this.warn(place, `${message} (ignored)`);
    else this.fail(`${placeText(place)}: ${message}`);
  }

  /** How much is wrong so far, to see whether something has been added. */
  get wrongs(): number {
    return this.#wrongs;
  }

  /** The same of keys that do not exist alone. */
  get unknowns(): number {
    return this.#unknowns;
  }

  /** Not even with `lenient`. */
  fail(message: string): void {
    add(this.problems, message);
  }

  warn(place: Span, message: string): void {
    add(this.warnings, `${placeText(place)}: ${message}`);
  }

  miss(place: Span, message: string): void {
    add(this.missing, `${placeText(place)}: ${message}`);
  }

  note(message: string): void {
    add(this.warnings, message);
  }

  /** False when too much was looked at; that has been reported then. */
  spend(place: Span): boolean {
    this.#nodes++;
    if (this.#nodes === MAX_NODES) {
      this.fail(
        `${
          placeText(place)
        }: the configuration holds more than ${MAX_NODES} values when aliases are followed`,
      );
    }
    return this.#nodes < MAX_NODES;
  }
}

function add(lines: string[], line: string): void {
  if (lines.length < MAX_LINES) lines.push(line);
  else if (lines.length === MAX_LINES) lines.push("there is more like this");
}

/** Texts whose lines are no lines of a file. */
const unlined = new WeakSet<Source>();

/** The text of one -o. */
export function optionSource(option: string, value: string): Source {
  return unlinedSource(`option "${option.slice(0, 200)}"`, value);
}

/** A text that something else has as its value. */
export function innerSource(place: Span, text: string): Source {
  return unlinedSource(placeText(place), text);
}

function unlinedSource(path: string, text: string): Source {
  const source = { path, text };
  unlined.add(source);
  return source;
}

export function placeText(place: Span): string {
  return unlined.has(place.source) ? place.source.path : whereIs(place);
}
