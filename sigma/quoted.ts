// A text in quotes, as conditions have it.

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * As Falco reads quotes: a backslash before the closing one would keep the text open, so that one is written with a blank, as Falco
 * takes it. Other control characters have no form there.
 */
export function quoted(text: string): string {
  const escaped = [...text].map((char) => {
    const code = char.charCodeAt(0);
    return ESCAPES[char] ??
      (code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, "0")}` : char);
  }).join("");
  return `"${escaped.replace(/\\\\$/, "\\ ")}"`;
}
