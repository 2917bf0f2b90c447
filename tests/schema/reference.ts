// Reference tables of Falco 0.44 that lie outside the project, where they exist.
// In: file name. Out: rows of the tab-separated file by column name, or null when it is not there.

import { fileURLToPath } from "node:url";

export const REFERENCE_MISSING = "needs the reference tables beside the project, which are not here";

export function readReference(file: string): Record<string, string>[] | null {
  const path = fileURLToPath(new URL(`../../../shared/falco/${file}`, import.meta.url));
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch {
    return null;
  }
  const [header = "", ...lines] = text.replace(/\n$/, "").split("\n");
  const columns = header.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ""]));
  });
}
