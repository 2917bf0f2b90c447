// The comparison primitives written for obviousness: the reference in tests of the rule compiler.
// Texts are latin-1 strings, one character for each byte.

export function glob(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const rest = pattern.slice(1);
  if (pattern[0] === "*") return glob(rest, text) || (text !== "" && glob(pattern, text.slice(1)));
  if (text === "") return false;
  return (pattern[0] === "?" || pattern[0] === text[0]) && glob(rest, text.slice(1));
}

export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function upperAscii(text: string): string {
  return text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

function components(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

/** Whether `path` is a prefix of `text` by whole components. */
export function pathPrefix(path: string, text: string): boolean {
  const parts = components(text);
  return components(path).every((part, i) => parts[i] !== undefined && glob(part, parts[i]));
}

export function inNet(address: string, net: string, prefixBits: number): boolean {
  if (address.length !== net.length) return false;
  const bits = (text: string) =>
    [...text].map((char) => char.charCodeAt(0).toString(2).padStart(8, "0")).join("").slice(0, prefixBits);
  return bits(address) === bits(net);
}

export function textCompare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function baseName(text: string): string {
  return text.slice(text.lastIndexOf("/") + 1);
}
