// The intermediate form between checked rules and WebAssembly: a DAG of typed values and predicates over the
// matcher's extractors and primitives. Equal nodes are one object (hash consing), so that "the same check in
// two rules" is a comparison of references.
// In: rules/lower/. Out: rules/emit/. Here: nodes and their factory. Elsewhere: logic (logic.ts), costs
// (cost.ts), text form (dump.ts).
//
// Every predicate is pure and total, and false when a value that it reads is missing: operands may be
// reordered and evaluated any number of times.

/** How a value travels: a view (texts, buffers, addresses, lists), an i64, or the bits of an f64 in an i64. */
export type Form = "view" | "int" | "uint" | "double";

export type ValueNode = FieldNode | TextNode | NumberNode | CallNode | ItemNode;

/** A field extractor of the matcher. */
export interface FieldNode {
  readonly kind: "field";
  readonly id: number;
  readonly form: Form;
  readonly fn: string;
  readonly arg?: number | Uint8Array;
  /** estimated cost in ns */
  readonly cost: number;
  readonly bound: false;
}

export interface TextNode {
  readonly kind: "text";
  readonly id: number;
  readonly form: "view";
  readonly bytes: Uint8Array;
  readonly cost: 0;
  readonly bound: false;
}

export interface NumberNode {
  readonly kind: "number";
  readonly id: number;
  readonly form: Form;
  readonly value: bigint;
  readonly cost: 0;
  readonly bound: false;
}

/** A transformer; missing when an operand is. */
export interface CallNode {
  readonly kind: "call";
  readonly id: number;
  readonly form: Form;
  readonly fn: string;
  readonly args: readonly ValueNode[];
  readonly cost: number;
  readonly bound: boolean;
}

/** The ancestor that the enclosing `ancestors` predicate looks at. */
export interface ItemNode {
  readonly kind: "item";
  readonly id: number;
  readonly form: Form;
  readonly cost: 0;
  readonly bound: true;
}

/** A table in the constants that a primitive searches. */
export type Structure =
  | { readonly kind: "texts"; readonly items: readonly Uint8Array[] }
  | { readonly kind: "numbers"; readonly items: readonly bigint[] }
  | { readonly kind: "paths"; readonly items: readonly Uint8Array[] }
  | { readonly kind: "nets"; readonly items: readonly { bytes: Uint8Array; prefixBits: number }[] }
  | { readonly kind: "dfa"; readonly pattern: string };

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

export type PredicateNode =
  | ConstantNode
  | LogicNode
  | NotNode
  | PresentNode
  | CompareNode
  | TestNode
  | AncestorsNode
  | LeafNode;

interface Predicate {
  readonly id: number;
  /** estimated cost in ns when evaluated alone */
  readonly cost: number;
  /** estimated probability of being true: orders operands, nothing else */
  readonly chance: number;
  /** contains an `item` that an enclosing `ancestors` binds */
  readonly bound: boolean;
  /** nodes below, shared ones counted each time (saturating) */
  readonly size: number;
}

export interface ConstantNode extends Predicate {
  readonly kind: "constant";
  readonly value: boolean;
}

/** `one`: exactly one operand holds. */
export interface LogicNode extends Predicate {
  readonly kind: "and" | "or" | "one";
  readonly operands: readonly PredicateNode[];
}

export interface NotNode extends Predicate {
  readonly kind: "not";
  readonly operand: PredicateNode;
}

export interface PresentNode extends Predicate {
  readonly kind: "present";
  readonly value: ValueNode;
}

/** Numbers; false when one is missing. */
export interface CompareNode extends Predicate {
  readonly kind: "compare";
  readonly operator: Comparison;
  readonly left: ValueNode;
  readonly right: ValueNode;
}

/** A primitive of the matcher; false when `left` is missing. `str_compare` is compared with 0. */
export interface TestNode extends Predicate {
  readonly kind: "test";
  readonly fn: string;
  readonly left: ValueNode;
  readonly right: ValueNode | Structure;
  readonly operator?: Comparison;
}

/** Some ancestor at depth 1, 2, … satisfies `test`. */
export interface AncestorsNode extends Predicate {
  readonly kind: "ancestors";
  readonly fn: string;
  readonly form: Form;
  readonly test: PredicateNode;
}

/** The answer of `operand`, which is counted under a slot; only in programs that count (lower_leaves.ts). */
export interface LeafNode extends Predicate {
  readonly kind: "leaf";
  readonly slot: number;
  readonly operand: PredicateNode;
}

type Draft<T extends { id: number }> = Omit<T, "id">;

/** Makes nodes; the same description gives the same node. */
export class Graph {
  readonly #nodes = new Map<string, ValueNode | PredicateNode>();
  readonly #structures = new Map<string, number>();
  readonly true: ConstantNode;
  readonly false: ConstantNode;

  constructor() {
    const constant = (value: boolean): ConstantNode =>
      this.intern(`constant ${value}`, {
        kind: "constant",
        value,
        cost: 0,
        chance: value ? 1 : 0,
        bound: false,
        size: 1,
      });
    this.true = constant(true);
    this.false = constant(false);
  }

  /** `key` must tell everything in which nodes of a kind can differ. */
  intern<T extends ValueNode | PredicateNode>(key: string, draft: Draft<T>): T {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known as T;
    const made = { ...draft, id: this.#nodes.size } as unknown as T;
    this.#nodes.set(key, made);
    return made;
  }

  field(fn: string, form: Form, cost: number, arg?: number | Uint8Array): FieldNode {
    const argument = arg === undefined ? {} : { arg };
    return this.intern<FieldNode>(`field ${fn} ${argKey(arg)}`, {
      kind: "field",
      form,
      fn,
      ...argument,
      cost,
      bound: false,
    });
  }

  text(bytes: Uint8Array): TextNode {
    return this.intern<TextNode>(`text ${latin1(bytes)}`, {
      kind: "text",
      form: "view",
      bytes,
      cost: 0,
      bound: false,
    });
  }

  number(value: bigint, form: Form): NumberNode {
    return this.intern<NumberNode>(`number ${form} ${value}`, {
      kind: "number",
      form,
      value,
      cost: 0,
      bound: false,
    });
  }

  call(fn: string, form: Form, args: readonly ValueNode[], cost: number): CallNode {
    return this.intern<CallNode>(`call ${fn} ${args.map((arg) => arg.id)}`, {
      kind: "call",
      form,
      fn,
      args,
      cost: args.reduce((sum, arg) => sum + arg.cost, cost),
      bound: args.some((arg) => arg.bound),
    });
  }

  item(form: Form): ItemNode {
    return this.intern<ItemNode>(`item ${form}`, { kind: "item", form, cost: 0, bound: true });
  }

  leaf(slot: number, operand: PredicateNode): LeafNode {
    const { cost, chance, bound, size } = operand;
    return this.intern<LeafNode>(`leaf ${slot} ${operand.id}`, {
      kind: "leaf",
      slot,
      operand,
      cost,
      chance,
      bound,
      size: size + 1,
    });
  }

  /** A short name of a structure; equal structures have equal names. */
  structureKey(structure: Structure): string {
    const content = structureContent(structure);
    let number = this.#structures.get(content);
    if (number === undefined) {
      number = this.#structures.size;
      this.#structures.set(content, number);
    }
    return `${structure.kind}${number}`;
  }
}

/** Of one call: they lie on the stack. */
const MAX_ARGUMENTS = 4096;

/** Bytes as a string of the same length: a key, and the base of the printable form. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  // as many at once as a call may have arguments
  for (let at = 0; at < bytes.length; at += MAX_ARGUMENTS) {
    text += String.fromCharCode(...bytes.subarray(at, at + MAX_ARGUMENTS));
  }
  return text;
}

function argKey(arg: number | Uint8Array | undefined): string {
  if (arg === undefined) return "";
  return typeof arg === "number" ? `[${arg}]` : `.${latin1(arg)}`;
}

function structureContent(structure: Structure): string {
  switch (structure.kind) {
    case "texts":
    case "paths":
      return `${structure.kind} ${structure.items.map((item) => `${item.length}:${latin1(item)}`).join("")}`;
    case "numbers":
      return `numbers ${structure.items.join()}`;
    case "nets":
      return `nets ${structure.items.map((net) => `${net.bytes.join(".")}/${net.prefixBits}`).join()}`;
    case "dfa":
      return `dfa ${structure.pattern}`;
  }
}
