// Fails on an import that the table of packages (docs/architecture.md) does not allow, and on files that import each other in
// a circle. In: the source tree. Out: one line per forbidden import or circle; exit code 1 when there is any.
// Elsewhere: whether an imported file exists (deno check).

import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { findCircles } from "./packages/circles.ts";
import { findImports, type FoundImport } from "./packages/imports.ts";
import { listFiles } from "./compile/stamps.ts";

/** What each room may import besides itself. Rooms that are not here (tests, scripts, bench) may import all. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["assets", "cli", "ffi"],
  assets: [],
  cli: [
    "assets",
    "config",
    "doctor",
    "schema",
    "rules",
    "ffi",
    "files",
    "scap",
    "sources",
    "engine",
    "metadata",
    "outputs",
    "service",
  ],
  config: ["assets", "files", "rules"],
  schema: [],
  rules: ["files", "schema"],
  assembly: [],
  probe: [],
  ffi: [],
  files: ["ffi"],
  scap: ["schema"],
  sources: ["ffi", "files", "metadata", "scap", "schema"],
  engine: ["assets", "ffi", "sources", "rules", "schema"],
  metadata: ["ffi", "files", "schema"],
  outputs: ["assets", "config", "engine", "ffi", "files", "rules", "schema"],
  doctor: ["assets", "config", "engine", "ffi", "files", "metadata", "rules", "schema", "service", "sources"],
  service: ["config", "schema", "rules", "ffi", "files", "scap", "sources", "engine", "metadata", "outputs"],
};

/** Nothing may import these: they are compiled for another machine. */
const FOREIGN = ["assembly", "probe"];
const SOURCE_ENDINGS = [".ts", ".c", ".h"];
const NO_SOURCES = ["build", "dist", "node_modules", ".git"];

/** A package, or something inside of one. */
function isNamed(specifier: string, packages: ReadonlySet<string>): boolean {
  const [first = "", second] = specifier.split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  return packages.has(specifier) || packages.has(name);
}

/** Why an import is forbidden; undefined when it is not. */
export function checkImport(root: string, file: string, found: FoundImport, packages: ReadonlySet<string>) {
  const { specifier } = found;
  const from = roomOf(relative(root, file));
  if (!specifier.startsWith(".")) {
    if (file.endsWith(".ts") && !specifier.startsWith("node:") && !isNamed(specifier, packages)) {
      return "a package must be named in deno.json with its version";
    }
    return undefined;
  }
  const target = relative(root, join(dirname(file), specifier));
  if (target.startsWith("..")) return "leaves the project";
  const to = roomOf(target);
  if (to === from || to === "build") return undefined;
  const allowed = ROOMS[from];
  if (allowed === undefined) return FOREIGN.includes(to) ? `nothing may import ${to}/` : undefined;
  if (allowed.includes(to)) return undefined;
  return `${from} may import ${allowed.length === 0 ? "no other room" : allowed.join(", ")}`;
}

function roomOf(path: string): string {
  return path.split("/")[0] ?? path;
}

/** All forbidden imports below `root`, as `file:line: import of "…": reason`. */
export function checkRooms(root: string): string[] {
  const { imports } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  const packages = new Set(Object.keys(imports ?? {}));
  const problems: string[] = [];
  const graph = new Map<string, string[]>();
  for (const entry of [...Deno.readDirSync(root)].sort((a, b) => a.name < b.name ? -1 : 1)) {
    if (NO_SOURCES.includes(entry.name)) continue;
    const path = join(root, entry.name);
    const files = entry.isDirectory
      ? listFiles(path, SOURCE_ENDINGS)
      : [path].filter((at) => at.endsWith(".ts"));
    for (const file of files) {
      const targets: string[] = [];
      if (file.endsWith(".ts")) graph.set(relative(root, file), targets);
      for (const found of findImports(file, Deno.readTextFileSync(file))) {
        if (found.specifier.startsWith(".")) {
          // AssemblyScript's imports have no ending
          const ending = found.specifier.endsWith(".ts") ? "" : ".ts";
          targets.push(relative(root, join(dirname(file), found.specifier + ending)));
        }
        const reason = checkImport(root, file, found, packages);
        if (reason === undefined) continue;
        problems.push(`${relative(root, file)}:${found.line}: import of "${found.specifier}": ${reason}`);
      }
    }
  }
  for (const circle of findCircles(graph)) {
    problems.push(`${circle.join(", ")}: import each other in a circle`);
  }
  return problems;
}

if (import.meta.main) {
  const problems = checkRooms(fileURLToPath(new URL("..", import.meta.url)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) Deno.exit(1);
  console.log("rooms: every import is allowed, and none leads back");
}
