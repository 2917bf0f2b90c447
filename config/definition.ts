// What a setting is: its type, default and meaning, as data. Everything that knows keys is made of such definitions:
// reading and checking values (config/value.ts), the JSON schema, the commented falco.yaml, docs/configuration.md.
// In: nothing. Out: the types, and a short way to write each kind. Elsewhere: the keys themselves (config/keys/).

interface Common {
  readonly help: string;
  /** not one of Falco's keys */
  readonly own?: true;
  /** an entry of a list must have it */
  readonly required?: true;
  /** kept out of what --support prints */
  readonly secret?: true;
  /** the key's absence is not the same as its default: what it stands for */
  readonly absent?: readonly string[];
  /** why it is read, so that files of Falco's work, and changes nothing */
  readonly idle?: string;
}

/** Without `default` a key of an entry may be absent; keys of the file itself always have one. */
export type Definition =
  & Common
  & (
    | { readonly type: "bool"; readonly default?: boolean | undefined }
    | {
      readonly type: "int" | "number";
      readonly min: number;
      readonly max: number;
      readonly default?: number | undefined;
    }
    /** written as 500ms, 30s, 1h; the value is in milliseconds */
    | {
      readonly type: "duration";
      readonly min: number;
      readonly max: number;
      readonly default?: number | undefined;
    }
    | {
      readonly type: "choice";
      readonly choices: readonly string[];
      readonly default?: string | undefined;
      /** further words that are taken: the beginning of a choice */
      readonly also?: readonly string[];
      /** words for others that mean something else here: the word → its choice and why */
      readonly instead?: Readonly<Record<string, readonly [choice: string, reason: string]>>;
      /** any other word means the default, with a warning that says this */
      readonly otherwise?: string;
    }
    | { readonly type: "text"; readonly default?: string | undefined; readonly check?: TextCheck }
    /** a list of texts, or one of them */
    | {
      readonly type: "texts";
      readonly default?: readonly string[] | undefined;
      readonly choices?: readonly string[];
    }
    /** names → texts */
    | {
      readonly type: "map";
      readonly default?: Readonly<Record<string, string>>;
      readonly check?: TextCheck;
    }
    /** whatever YAML can say */
    | {
      readonly type: "any";
      readonly default?: undefined;
      readonly check?: (value: Json) => string | undefined;
    }
    /** keys below a key of an entry; a plain text stands for the key of `short` */
    | {
      readonly type: "record";
      readonly keys: Definitions;
      readonly short?: string;
      readonly default?: undefined;
      readonly check?: RecordCheck;
    }
    | {
      readonly type: "list";
      readonly of: Definition;
      readonly default?: readonly never[] | undefined;
      readonly check?: (value: readonly Json[]) => string | undefined;
    }
    /** a record whose other keys depend on the value of one of them */
    | {
      readonly type: "tagged";
      readonly tag: string;
      readonly common: Definitions;
      readonly variants: Readonly<Record<string, Variant>>;
      readonly default?: undefined;
    }
  );

export type Definitions = Readonly<Record<string, Definition>>;

/** Why a text will not do, in words that follow the key: "must be …". */
export type TextCheck = (value: string) => string | undefined;
export type RecordCheck = (value: Readonly<Record<string, unknown>>) => string | undefined;

export interface Variant {
  readonly help: string;
  readonly keys: Definitions;
}

/** JSON, as `any` and the container of init_config have it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type ValueOf<D> = D extends { type: "bool" } ? boolean
  : D extends { type: "int" | "number" | "duration" } ? number
  : D extends { type: "choice"; choices: readonly (infer C)[] } ? C
  : D extends { type: "text" } ? string
  : D extends { type: "texts"; choices: readonly (infer C)[] } ? readonly C[]
  : D extends { type: "texts" } ? readonly string[]
  : D extends { type: "map" } ? Readonly<Record<string, string>>
  : D extends { type: "any" } ? Json
  : D extends { type: "list"; of: infer E } ? readonly ValueOf<E>[]
  : D extends { type: "record"; keys: infer K } ? RecordOf<K>
  : D extends { type: "tagged"; tag: infer T extends string; common: infer K; variants: infer V }
    ? { [N in keyof V]: { readonly [P in T]: N } & RecordOf<K> & RecordOf<KeysOf<V[N]>> }[keyof V]
  : never;

type KeysOf<V> = V extends { keys: infer K } ? K : never;
type Sure<K> = { [N in keyof K]: K[N] extends { required: true } ? N : MaybeDefault<K[N], N> }[keyof K];
type MaybeDefault<D, N> = D extends { default: infer V } ? V extends undefined ? never : N : never;

/** Keys that are required or have a default are always there. */
export type RecordOf<K> =
  & { readonly [N in keyof K as N extends Sure<K> ? N : never]: ValueOf<K[N]> }
  & { readonly [N in keyof K as N extends Sure<K> ? never : N]?: ValueOf<K[N]> };

export function bool<const D extends boolean | undefined>(byDefault: D, help: string) {
  return { type: "bool", default: byDefault, help } as const;
}

export function int<const D extends number | undefined>(
  byDefault: D,
  min: number,
  max: number,
  help: string,
) {
  return { type: "int", default: byDefault, min, max, help } as const;
}

export function number<const D extends number | undefined>(
  byDefault: D,
  min: number,
  max: number,
  help: string,
) {
  return { type: "number", default: byDefault, min, max, help } as const;
}

/** All in milliseconds. */
export function duration<const D extends number | undefined>(
  byDefault: D,
  min: number,
  max: number,
  help: string,
) {
  return { type: "duration", default: byDefault, min, max, help } as const;
}

export function choice<const C extends readonly string[], const D extends C[number] | undefined>(
  byDefault: D,
  choices: C,
  help: string,
) {
  return { type: "choice", default: byDefault, choices, help } as const;
}

export function text<const D extends string | undefined>(byDefault: D, help: string, check?: TextCheck) {
  return { type: "text", default: byDefault, help, ...check === undefined ? {} : { check } } as const;
}

export function texts(help: string, byDefault: readonly string[] = []) {
  return { type: "texts", default: byDefault, help } as const;
}

export function choices<const C extends readonly string[]>(
  choices: C,
  help: string,
  byDefault: readonly C[number][] = [],
) {
  return { type: "texts", default: byDefault, choices, help } as const;
}

export function map(help: string, check?: TextCheck) {
  const none: Readonly<Record<string, string>> = {};
  return { type: "map", default: none, help, ...check === undefined ? {} : { check } } as const;
}

export function record<const K extends Definitions>(keys: K, help: string, check?: RecordCheck) {
  return { type: "record", keys, help, ...check === undefined ? {} : { check } } as const;
}

export function list<const D extends Definition>(of: D, help: string) {
  return { type: "list", of, default: [], help } as const;
}

export function required<const D extends Definition>(definition: D) {
  return { ...definition, required: true } as const;
}

/** Keys beyond Falco's. */
export function own<const K extends Definitions>(keys: K): K {
  const marked = Object.entries(keys).map(([key, definition]) => [key, { ...definition, own: true }]);
  return Object.fromEntries(marked) as K;
}

/** The same keys below a section: `url` becomes `http_output.url`. */
export function below<const P extends string, const K extends Definitions>(section: P, keys: K) {
  const named = Object.entries(keys).map(([key, definition]) => [`${section}.${key}`, definition]);
  return Object.fromEntries(named) as { readonly [N in keyof K & string as `${P}.${N}`]: K[N] };
}

/** Read, so that files of Falco's work, but changes nothing here. */
export function idle<const D extends Definition>(definition: D, reason: string): D {
  return { ...definition, idle: reason };
}

export const PRIORITY_WORDS = [
  "emergency",
  "alert",
  "critical",
  "error",
  "warning",
  "notice",
  "informational",
  "debug",
] as const;

/** The least severe of what is let through. */
export function priority(help: string) {
  return { ...choice("debug", PRIORITY_WORDS, help), also: ["info"] } as const;
}

/** Of Falco's own log. */
export const LOG_LEVELS = [
  "emergency",
  "alert",
  "critical",
  "error",
  "warning",
  "notice",
  "info",
  "debug",
] as const;
