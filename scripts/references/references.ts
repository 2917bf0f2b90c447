// Finds the files and folders of this project that a text names.
// In: path and text of a source file (its comments count) or of a page (its backquotes and links count). Out: names with lines.
// Elsewhere: whether they exist (scripts/check_references.ts).

export interface Reference {
  readonly name: string;
  readonly line: number;
  /** A link of a page counts from the page's own folder; the part after # is a heading. */
  readonly isLink: boolean;
}

/** Names with these endings are files of the project wherever they occur; others may be a user's, or a field's (`proc.pid.ts`). */
const OWN = /(?:^|\/)[\w-]+\.(?:ts|bpf\.[ch]|md)$/;
const OTHERS = /\.(?:c|h|js|json|jsonl|yaml|yml|gz|spec|txt|service|sh|awk)$/;
const PAGE = /(?<![\w/])docs\/[\w-]+\.md/g;
/** What means any file of a kind. */
const ANY = /(?:^|\/)(?:[A-Z]+|mod)\.ts$/;
const NAME = /(?<![\w/.@*<>…{}$:~-])(?:\.{1,2}\/)*(?:[\w.-]+\/)*[\w-][\w.-]*(?:\/|\.\w+)(?![\w*<>…{}/])/g;

/**
 * What is named in the comments of a source file, and pages of docs/ wherever it names them: messages and help do.
 * @param folders the project's top folders
 */
export function referencesOfComments(text: string, folders: ReadonlySet<string>): Reference[] {
  const found: Reference[] = [];
  let isBlock = false;
  for (const [index, line] of text.split("\n").entries()) {
    isBlock ||= /^\s*\/\*/.test(line);
    const comment = isBlock ? line : /(?:^|\s)\/\/(.*)$/.exec(line)?.[1];
    if (line.includes("*/")) isBlock = false;
    const names = comment === undefined ? line.match(PAGE) ?? [] : namesIn(comment, folders);
    found.push(...names.map((name) => ({ name, line: index + 1, isLink: false })));
  }
  return found;
}

/** What is named in the comments of files whose comments begin with `#`: settings, units, scripts of a shell. */
export function referencesOfHashComments(text: string, folders: ReadonlySet<string>): Reference[] {
  return text.split("\n").flatMap((line, index) => {
    const comment = /^\s*#(.*)$/.exec(line)?.[1] ?? "";
    return namesIn(comment, folders).map((name) => ({ name, line: index + 1, isLink: false }));
  });
}

/** What a Markdown page names in backquotes and links to. Fenced blocks are left out: they are what a user types. */
export function referencesOfPage(text: string, folders: ReadonlySet<string>): Reference[] {
  const found: Reference[] = [];
  let isFenced = false;
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*```/.test(line)) isFenced = !isFenced;
    else if (!isFenced) {
      for (const [, quoted = ""] of line.matchAll(/`([^`]+)`/g)) {
        found.push(...namesIn(quoted, folders).map((name) => ({ name, line: index + 1, isLink: false })));
      }
      for (const [, target = ""] of line.replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)) {
        if (!/^[a-z]+:/.test(target)) found.push({ name: target, line: index + 1, isLink: true });
      }
    }
  }
  return found;
}

function namesIn(text: string, folders: ReadonlySet<string>): string[] {
  return [...text.matchAll(NAME)].map(([name]) => name).filter((name) => {
    const first = name.split("/")[0] ?? "";
    if (ANY.test(name)) return false;
    if (name.endsWith("/")) return folders.has(first);
    return OWN.test(name) || (OTHERS.test(name) && folders.has(first) && name.includes("/"));
  });
}

/** The anchors of a page's headings, as code hosts make them. */
export function headingsOf(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/ /g, "-")
    ),
  );
}
