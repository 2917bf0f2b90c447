// Which programs a command of the shell begins with, as far as that can be told without being the shell.
// In: the command. Out: the first word of each part of a pipeline or list; nothing for what the shell itself does or has to
// work out.
// Elsewhere: starting it (child_process.ts).

/** Where a shell statement begins, the rest is not looked at. */
const STATEMENTS = ["if", "while", "until", "for", "case", "select", "function", "{", "(", "!", "[["];
const BUILT_IN =
  ". : [ alias bg break builtin cd command continue echo eval exec exit export false fg getopts hash jobs kill let local printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait"
    .split(" ");
/** `NAME=value`, quotes included, before the program. */
const ASSIGNMENTS = /^\s*(?:[A-Za-z_]\w*=(?:'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"])*(?:\s+|$))*/;

export function commandWords(command: string): string[] {
  const words: string[] = [];
  for (const part of partsOf(command)) {
    const word = part.replace(ASSIGNMENTS, "").trim().split(/\s+/)[0] ?? "";
    if (STATEMENTS.some((statement) => word === statement || (word.startsWith("(") && statement === "("))) {
      break;
    }
    if (word === "" || word.startsWith("#") || BUILT_IN.includes(word) || !/^[\w./+:@%-]+$/.test(word)) {
      continue;
    }
    words.push(word);
  }
  return words;
}

/** Cut at `|`, `;`, `&` and line breaks outside of quotes. */
function partsOf(command: string): string[] {
  const parts = [""];
  let quote = "";
  for (let at = 0; at < command.length; at++) {
    const character = command[at]!;
    // `>&2`, `<&-`, `>|` redirect
    if (quote === "" && /[|;&\n]/.test(character) && !/[<>]/.test(command[at - 1] ?? "")) {
      parts.push("");
      continue;
    }
    if (character === "\\" && quote !== "'") {
      parts[parts.length - 1] += character + (command[++at] ?? "");
      continue;
    }
    if (quote === "" && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = "";
    parts[parts.length - 1] += character;
  }
  return parts;
}
