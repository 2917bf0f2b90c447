// Prints a tree as YAML in one of the many ways in which people lay it out, and knows where each scalar is.
// In: a tree, choices. Out: the text, and the scalars in the order of the text with their places.
// Layouts are those that YAML 1.2 allows, and within brackets and quotes those that yaml-cpp allows besides: any column, tabs.

export type Tree = string | readonly Tree[] | { readonly [key: string]: Tree };

export interface Printed {
  readonly text: string;
  readonly scalars: readonly { readonly value: string; readonly start: number; readonly end: number }[];
}

export function printTree(tree: Tree, choices: readonly number[]): Printed {
  const printer = new Printer(choices);
  printer.document(tree);
  return { text: printer.text, scalars: printer.scalars };
}

/** White space within brackets; what may be nothing at all comes first. */
const GAPS = [
  "",
  " ",
  "  ",
  "\t",
  "\n",
  "\n  ",
  "\n\t",
  "\n\n",
  ' # a note, with [brackets] and "quotes\n',
  "\n# note\n  ",
];
const LINE_ENDS = ["\n", "\n", "\n", " \n", " # note: x\n", "\n\n", "\n   # note\n"];

class Printer {
  text = "";
  readonly scalars: { value: string; start: number; end: number }[] = [];
  #next = 0;

  constructor(readonly choices: readonly number[]) {}

  document(tree: Tree): void {
    this.text += this.#one("", "---\n", "# head\n", "\n", "%YAML 1.2\n---\n");
    this.#block(tree, 0);
    if (!this.text.endsWith("\n")) this.text += this.#one("\n", "", "\n...\n");
  }

  #one<T>(...of: readonly T[]): T {
    const choice = this.choices[this.#next++ % this.choices.length]!;
    return of[choice % of.length]!;
  }

  #gap(): void {
    this.text += this.#one(...GAPS);
  }

  /** Ends the line, as far as a block scalar has not done it. */
  #lineEnd(): void {
    if (!this.text.endsWith("\n")) this.text += this.#one(...LINE_ENDS);
  }

  /** Within a block collection or at the top; the text is in the column of `indent`, or after a key or dash. */
  #block(tree: Tree, indent: number): void {
    if (typeof tree === "string") return this.#scalar(tree, indent);
    const isSequence = Array.isArray(tree);
    const size = isSequence ? tree.length : Object.keys(tree).length;
    if (size === 0 || this.#one(0, 0, 1) === 1) return this.#flow(tree);
    let first = true;
    const begin = () => {
      if (!first) {
        this.#lineEnd();
        this.text += " ".repeat(indent);
      }
      first = false;
    };
    if (isSequence) {
      for (const item of tree as readonly Tree[]) {
        begin();
        this.text += "-" + this.#one(" ", "  ", "   ");
        const column = this.text.length - this.text.lastIndexOf("\n") - 1;
        const below = typeof item !== "string" && this.#one(0, 0, 1) === 1;
        if (below) this.#below(item, indent + this.#one(1, 2, 4));
        else this.#block(item, typeof item === "string" ? indent + 1 : column);
      }
      return;
    }
    for (const [key, value] of Object.entries(tree)) {
      begin();
      this.#key(key);
      this.text += this.#one("", "", " ") + ":";
      const isCollection = typeof value !== "string";
      if (isCollection) {
        const isFlow = (Array.isArray(value) ? value.length : Object.keys(value).length) === 0 ||
          this.#one(0, 0, 1) === 1;
        if (isFlow) {
          this.text += " ";
          this.#flow(value);
        } else {this.#below(
            value,
            indent + (Array.isArray(value) ? this.#one(0, 1, 2, 4) : this.#one(1, 2, 4)),
          );}
      } else {
        this.text += this.#one(" ", "  ", "\t", " # note\n" + " ".repeat(indent + 1));
        this.#block(value, indent + 1);
      }
    }
  }

  #below(tree: Tree, indent: number): void {
    this.#lineEnd();
    this.text += " ".repeat(indent);
    this.#block(tree, indent);
  }

  #flow(tree: Tree): void {
    if (typeof tree === "string") return this.#flowScalar(tree, "\n");
    const isSequence = Array.isArray(tree);
    this.text += isSequence ? "[" : "{";
    const entries = isSequence
      ? (tree as readonly Tree[]).map((item) => [undefined, item] as const)
      : Object.entries(tree);
    entries.forEach(([key, item], at) => {
      this.#gap();
      if (key !== undefined) {
        this.#key(key);
        this.text += ":" + this.#one(" ", "\n", "\t", " # note\n");
      }
      this.#flow(item);
      this.#gap();
      if (at + 1 < entries.length || this.#one(0, 1) === 1) this.text += ",";
    });
    this.#gap();
    this.text += isSequence ? "]" : "}";
  }

  #key(key: string): void {
    this.#record(key, () => {
      this.text += isPlain(key) && this.#one(0, 0, 1) === 0 ? key : this.#one(single(key), double(key));
    });
  }

  #scalar(value: string, indent: number): void {
    const lines = value.split("\n");
    if (value !== "" && lines.every((line) => /^\S(.*\S)?$/.test(line)) && this.#one(0, 0, 0, 1) === 1) {
      const pad = "\n" + " ".repeat(indent + this.#one(0, 1, 2));
      const folds = this.#one(true, false);
      const body = folds ? lines.join("\n" + pad) : lines.join(pad);
      this.#record(value, () => this.text += (folds ? ">-" : "|-") + pad + body);
      this.text += "\n";
      return;
    }
    this.#flowScalar(value, "\n" + " ".repeat(indent));
  }

  /** @param fold what a plain scalar may have in place of a blank */
  #flowScalar(value: string, fold: string): void {
    this.#record(value, () => {
      if (isPlain(value) && this.#one(0, 0, 1) === 0) {
        this.text += this.#folded(value, fold);
        return;
      }
      const quoted = this.#one(0, 1) === 0 && !/[\n\t]/.test(value) ? single(value) : double(value);
      this.text += this.#folded(quoted, this.#one("\n", "\n  ", "\n\t", " \n\t "));
    });
  }

  /** One of the blanks between two words is a line end. */
  #folded(text: string, fold: string): string {
    if (this.#one(0, 0, 1) === 0) return text;
    return text.replace(/(?<=[\w.])(?: )(?=[\w.])/, () => fold);
  }

  #record(value: string, print: () => void): void {
    const start = this.text.length;
    print();
    this.scalars.push({ value, start, end: this.text.length });
  }
}

function isPlain(value: string): boolean {
  return /^[\w./é😀][\w./:é😀-]*(?: [\w./é😀][\w./:é😀-]*)*$/u.test(value) && !/:( |$)/.test(value) &&
    !/^(null|Null|NULL)$/.test(value);
}

function single(value: string): string {
  return /[\n\t]/.test(value) ? double(value) : `'${value.replaceAll("'", "''")}'`;
}

function double(value: string): string {
  return JSON.stringify(value);
}
