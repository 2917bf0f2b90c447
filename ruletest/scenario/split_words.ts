// A line of a scenario, cut into words as a shell does: blanks separate, quotes and backslashes keep together.
// In: a text. Out: words with their places in it, and what is wrong with its quotes. Nothing is expanded.

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** some of it was in quotes: it is no keyword */
  readonly isQuoted: boolean;
}

export function splitWords(line: string): { words: Word[]; problem?: string } {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      at++;
      continue;
    }
    const start = at;
    let text = "", isQuoted = false;
    while (at < line.length && !/\s/.test(line[at]!)) {
      const c = line[at]!;
      if (c === "'" || c === '"') {
        isQuoted = true;
        const end = closing(line, at);
        if (end < 0) return { words, problem: `a quote (${c}) is not closed` };
        const inner = line.slice(at + 1, end);
        text += c === '"' ? inner.replace(/\\(["\\])/g, "$1") : inner;
        at = end + 1;
      } else if (c === "\\" && at + 1 < line.length) {
        text += line[at + 1];
        at += 2;
      } else {
        text += c;
        at++;
      }
    }
    words.push({ text, start, end: at, isQuoted });
  }
  return { words };
}

function closing(line: string, at: number): number {
  const quote = line[at]!;
  for (let end = at + 1; end < line.length; end++) {
    if (line[end] === "\\" && quote === '"') end++;
    else if (line[end] === quote) return end;
  }
  return -1;
}
