// What a test file says, read: cases with the world that they begin in, what happens, and what is expected.
// Types only. Made by read_file.ts; run by run/; the words of events are in scenario/.

import type { Priority } from "../../base/mod.ts";
import type { Source, Span, YamlNode } from "../../rules/mod.ts";
import type { Step } from "../scenario/step.ts";
import type { World } from "../scenario/world.ts";
import type { TextMatch } from "./text_match.ts";

export interface TestFile {
  readonly source: Source;
  readonly cases: readonly TestCase[];
  /** lines of the file with events, for reports */
  readonly path: string;
}

export interface TestCase {
  readonly name: string;
  /** of its name, for reports */
  readonly span: Span;
  /** paths as the program opens them */
  readonly rules: readonly RulesPath[];
  readonly matching: "first" | "all";
  readonly only: boolean;
  /** why it is not run */
  readonly skip?: string;
  readonly world: World;
  /** happens before: it changes the state, and no rule sees it */
  readonly before: readonly Step[];
  readonly events: readonly Step[];
  readonly expect: Expectation;
}

export interface RulesPath {
  readonly path: string;
  /** where it is said; absent for the rules file that is tested by a file of its name */
  readonly span?: Span;
}

export interface Expectation {
  readonly fired: readonly FiredExpectation[];
  readonly notFired: readonly RuleName[];
  /** every alert has to be one of `fired` */
  readonly nothingElse: boolean;
  readonly lists: readonly ListExpectation[];
  readonly span: Span;
}

export interface RuleName {
  readonly name: string;
  readonly span: Span;
}

export interface FiredExpectation {
  readonly rule: RuleName;
  /** how often, at least and at most */
  readonly times: { readonly min: number; readonly max: number };
  readonly priority?: { readonly value: Priority; readonly span: Span };
  readonly output?: TextMatch;
  readonly fields: readonly FieldExpectation[];
}

export interface FieldExpectation {
  readonly field: string;
  readonly keySpan: Span;
  readonly match: TextMatch;
}

export interface ListExpectation {
  readonly name: RuleName;
  /** exactly these, in any order */
  readonly items?: readonly string[];
  readonly contains: readonly string[];
  readonly lacks: readonly string[];
  readonly node: YamlNode;
}
