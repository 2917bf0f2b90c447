// Falco's way to break a text into lines: each word with a blank after it, further lines indented.
// In: text, width of the lines, indent. Out: text without a line end.

export function wrapWords(text: string, indent: number, width: number): string {
  let out = "";
  let used = 0;
  for (const word of text.split(/\s+/)) {
    if (word === "") continue;
    const bytes = new TextEncoder().encode(word).length + 1;
    if (used + bytes > width - indent) {
      out += "\n" + " ".repeat(indent);
      used = 0;
    }
    used += bytes;
    out += `${word} `;
  }
  return out;
}
