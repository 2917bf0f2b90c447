// Finds what a source file imports, without resolving anything.
// In: path and text of a TypeScript, AssemblyScript or C file. Out: specifiers with their lines.
// Elsewhere: whether they are allowed (scripts/check_packages.ts).

export interface FoundImport {
  readonly specifier: string;
  readonly line: number;
}

const TYPESCRIPT = [
  /^\s*(?:import|export)\s[^"'`;]*?\bfrom\s*["']([^"']+)["']/gm,
  /^\s*import\s*["']([^"']+)["']/gm,
  /(?<![.\w])import\(\s*["']([^"']+)["']/g,
  // the module of a worker
  /\bnew URL\(\s*["'](\.[^"']*\.ts)["']\s*,\s*import\.meta\.url/g,
];
const C = [/^\s*#\s*include\s*"([^"]+)"/gm];

export function findImports(path: string, text: string): FoundImport[] {
  const isC = path.endsWith(".c") || path.endsWith(".h");
  const code = withoutComments(text);
  const found = new Map<number, FoundImport>();
  for (const pattern of isC ? C : TYPESCRIPT) {
    for (const match of code.matchAll(pattern)) {
      const specifier = match[1] ?? "";
      // a C include without a dot is relative to the file or to the package's folder: never to another package
      const relative = isC && !specifier.startsWith(".") ? `./${specifier}` : specifier;
      const at = match.index + match[0].length;
      found.set(at, { specifier: relative, line: code.slice(0, at).split("\n").length });
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

/** Blanks out comments that fill whole lines; the lines keep their numbers. */
function withoutComments(text: string): string {
  return text
    .replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/^[ \t]*\/\/.*$/gm, "");
}
