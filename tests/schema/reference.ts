// Tables of Falco 0.44 (tests/recordings/tables/).
// In: file name. Out: rows of the tab-separated file by column name.

const FOLDER = new URL("../recordings/tables/", import.meta.url);

export function readReference(file: string): Record<string, string>[] {
  const text = Deno.readTextFileSync(new URL(file, FOLDER));
  const [header = "", ...lines] = text.replace(/\n$/, "").split("\n");
  const columns = header.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ""]));
  });
}
