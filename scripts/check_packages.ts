// Fails on an import that the table of packages does not allow, that goes past a package's door or against the layers inside
// of one, on a permission that nobody uses, and on files that import each other in a circle.
// In: the source tree. Out: one line per finding; exit code 1 when there is any.
// Elsewhere: the tables (packages/tables.ts), whether an imported file exists (deno check).

import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { listFiles } from "./compile/stamps.ts";
import { findCircles } from "./packages/circles.ts";
import { findImports, type FoundImport } from "./packages/imports.ts";
import { FOREIGN, LAYERS, PACKAGES } from "./packages/tables.ts";

const SOURCE_ENDINGS = [".ts", ".c", ".h"];
const NO_SOURCES = ["build", "dist", "node_modules", ".git"];
/** The start of the program loads no more than it needs; its door is the command line. */
const START = "main.ts";
const DOOR = "mod.ts";

/** The name of an npm package, or of something inside of one. */
function isNamed(specifier: string, packages: ReadonlySet<string>): boolean {
  const [first = "", second] = specifier.split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  return packages.has(specifier) || packages.has(name);
}

/** What `checkImport` finds: why an import is forbidden, and which permissions it uses. */
export interface Verdict {
  readonly reason?: string;
  /** `a → b` of the packages, or `package: a → b` of its layers */
  readonly uses: readonly string[];
}

/** @param file absolute, like `root` */
export function checkImport(
  root: string,
  file: string,
  { specifier }: FoundImport,
  npmPackages: ReadonlySet<string>,
): Verdict {
  const source = relative(root, file);
  const from = packageOf(source);
  if (!specifier.startsWith(".")) {
    const isKnown = !file.endsWith(".ts") || specifier.startsWith("node:") || isNamed(specifier, npmPackages);
    return {
      uses: [],
      ...isKnown ? {} : { reason: "a package must be named in deno.json with its version" },
    };
  }
  const target = relative(root, join(dirname(file), specifier));
  if (target.startsWith("..")) return { uses: [], reason: "leaves the project" };
  const to = packageOf(target);
  if (to === "build") return { uses: [] };
  if (to === from) return checkLayers(from, source, target);
  const allowed = PACKAGES[from];
  if (allowed === undefined) {
    return { uses: [], ...FOREIGN.includes(to) ? { reason: `nothing may import ${to}/` } : {} };
  }
  if (!allowed.includes(to)) {
    const list = allowed.length === 0 ? "no other package" : allowed.join(", ");
    return { uses: [], reason: `${from} may import ${list}` };
  }
  const isDoor = from === START || target.endsWith(`/${DOOR}`);
  return { uses: [`${from} → ${to}`], ...isDoor ? {} : { reason: `${to}/ is entered through its ${DOOR}` } };
}

function checkLayers(name: string, source: string, target: string): Verdict {
  const layers = LAYERS[name];
  const [from, to] = [layerOf(source, layers), layerOf(target, layers)];
  if (layers === undefined || from === undefined || to === undefined || from === to) return { uses: [] };
  if (!layers[from]!.includes(to)) {
    return { uses: [], reason: `${name}/${from} may import ${layers[from]!.join(", ") || "no other layer"}` };
  }
  return { uses: [`${name}: ${from} → ${to}`] };
}

/** The longest folder that the table has; the files of the package's own folder may import all and are imported by few. */
function layerOf(path: string, layers: Readonly<Record<string, readonly string[]>> = {}): string | undefined {
  const inside = path.split("/").slice(1, -1);
  for (let length = inside.length; length > 0; length--) {
    const layer = inside.slice(0, length).join("/");
    if (Object.hasOwn(layers, layer)) return layer;
  }
  return undefined;
}

function packageOf(path: string): string {
  return path.split("/")[0] ?? path;
}

/** All findings below `root`: `file:line: import of "…": reason`, unused permissions, circles. */
export function checkPackages(root: string): string[] {
  const { imports } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  const npmPackages = new Set(Object.keys(imports ?? {}));
  const problems: string[] = [];
  const used = new Set<string>();
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
        const { reason, uses } = checkImport(root, file, found, npmPackages);
        for (const permission of uses) used.add(permission);
        if (reason === undefined) continue;
        problems.push(`${relative(root, file)}:${found.line}: import of "${found.specifier}": ${reason}`);
      }
    }
  }
  for (const permission of permissions()) {
    if (!used.has(permission)) problems.push(`${permission}: nobody uses this permission`);
  }
  for (const circle of findCircles(graph)) {
    problems.push(`${circle.join(", ")}: import each other in a circle`);
  }
  return problems;
}

function permissions(): string[] {
  const of = (table: Readonly<Record<string, readonly string[]>>, head: string) =>
    Object.entries(table).flatMap(([from, all]) => all.map((to) => `${head}${from} → ${to}`));
  return [
    ...of(PACKAGES, ""),
    ...Object.entries(LAYERS).flatMap(([name, layers]) => of(layers, `${name}: `)),
  ];
}

if (import.meta.main) {
  const problems = checkPackages(fileURLToPath(new URL("..", import.meta.url)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) Deno.exit(1);
  console.log("packages: every import is allowed and goes through a door, and none leads back");
}
