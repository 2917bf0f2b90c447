// A text in quotes, as conditions have it.

/** As Falco reads quotes: a backslash before the closing one would keep the text open. */
export function quoted(text: string): string {
  const escaped = [...text].map((char) => {
    const code = char.charCodeAt(0);
    if (char === "\\") return "\\\\";
    if (char === '"') return '\\"';
    return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, "0")}` : char;
  }).join("");
  return `"${escaped.replace(/\\\\$/, "\\x5c")}"`;
}
