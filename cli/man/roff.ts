// The few requests of man(7) that our pages are made of.
// In: plain text. Out: lines of roff that print it as it is, whatever is in it.

export interface PageHead {
  readonly title: string;
  readonly section: 1 | 5;
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly version: string;
}

export function head({ title, section, date, version }: PageHead): string {
  const words = [quoted(title.toUpperCase()), section, date, quoted(`falco ${version}`), '"falco manual"'];
  // ragged and without hyphens: names and paths have to be found again
  return `.TH ${words.join(" ")}\n.nh\n.ad l`;
}

export function heading(title: string): string {
  return `.SH ${quoted(title)}`;
}

export function paragraph(text: string): string {
  return `.PP\n${plain(text)}`;
}

/** A term with its meaning below and to the right. */
export function entry(term: string, meaning: string): string {
  return `.TP\n.B ${quoted(term)}\n${plain(meaning)}`;
}

/** Lines as they are, in a typewriter's type. */
export function verbatim(text: string): string {
  return `.PP\n.nf\n${plain(text)}\n.fi`;
}

export function page(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n")}\n`;
}

function plain(text: string): string {
  // a dot or a quote at the beginning of a line would be a request
  return escaped(text).split("\n").map((line) => line.replace(/^[.']/, "\\&$&")).join("\n");
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', "\\(dq")}"`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...")
    .replaceAll("’", "'").replaceAll("–", "\\(en");
}
