// Where reading of a condition goes on after a check that cannot be read.
// In: the text, where the check begins, where it went wrong. Out: the offset of the next `and`, `or` or `)`, or the end.
// Elsewhere: what is made of the part between (parser.ts).

/** Nothing before `at` counts; quotes and parentheses are counted from `start`, since what is within them is the check's. */
export function resumeAt(text: string, start: number, at: number): number {
  let open = 0;
  for (let i = start; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"' || char === "'") {
      const close = text.indexOf(char, i + 1);
      if (close < 0) return text.length;
      i = close;
    } else if (char === "(") open++;
    else if (char === ")" && open > 0) open--;
    else if (i >= at && open === 0 && (char === ")" || isLogicAt(text, i))) return i;
  }
  return text.length;
}

function isLogicAt(text: string, at: number): boolean {
  return /^(?:and|or)(?=[\s(]|$)/.test(text.slice(at, at + 4)) && (at === 0 || /[\s)]/.test(text[at - 1]!));
}
