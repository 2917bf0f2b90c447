import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { checkReferences, resolves } from "../../scripts/check_references.ts";
import { headingsOf, referencesOfComments, referencesOfPage } from "../../scripts/references/references.ts";

const FOLDERS = new Set(["rules", "probe", "docs", "tests"]);

/** What is said about a tree of these files. */
function problemsOf(files: Readonly<Record<string, string>>): string[] {
  const root = Deno.makeTempDirSync({ prefix: "falco-references-" });
  try {
    for (const [path, text] of Object.entries(files)) {
      Deno.mkdirSync(join(root, path, ".."), { recursive: true });
      Deno.writeTextFileSync(join(root, path), text);
    }
    return checkReferences(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("references: files named in comments are found, those in code and of users are not", () => {
  const text = [
    "// Elsewhere: parsing (parser.ts), texts (rules/text/), a user's /etc/a.ts and https://host/b.ts.",
    'import { a } from "./a.ts"; // see probe/lib/path.bpf.h',
    "/* the kernel's fs/open.c, a user's my.yaml,",
    "   and rules/bundled/falco_rules.yaml */",
    "const c = NAME; // config/sinks/TYPE.ts, tests/<room>/…_test.ts, *.ts, proc.pid.ts, mod.ts",
  ].join("\n");
  deepEqual(referencesOfComments(text, FOLDERS).map(({ name, line }) => [name, line]), [
    ["parser.ts", 1],
    ["rules/text/", 1],
    ["probe/lib/path.bpf.h", 2],
    ["rules/bundled/falco_rules.yaml", 4],
  ]);
});

Deno.test("references: a page's backquotes and links are found, its fenced blocks are not", () => {
  const text = [
    "See `rules/check.ts` and [how](cli.md#flags), [there](https://host/x.md), `my_rules.yaml`, plain gone.ts.",
    "```sh",
    "cat `rules/nothing.ts` [a](b.md)",
    "```",
  ].join("\n");
  deepEqual(referencesOfPage(text, FOLDERS).map(({ name, isLink }) => [name, isLink]), [
    ["rules/check.ts", false],
    ["cli.md#flags", true],
  ]);
});

Deno.test("references: a name counts from the file's folder and from each folder above", () => {
  const tree = new Set(["rules/", "rules/a/", "rules/a/b.ts", "rules/c.ts", "d.ts"]);
  for (const name of ["b.ts", "c.ts", "a/b.ts", "rules/a/", "d.ts", "../c.ts"]) {
    equal(resolves(name, "rules/a/x.ts", tree), true, name);
  }
  equal(resolves("b.ts", "rules/x.ts", tree), false);
});

Deno.test("references: headings become the anchors that code hosts make", () => {
  deepEqual([...headingsOf("# A: the `OUT` region\ntext\n## Rules & settings\n")], [
    "a-the-out-region",
    "rules--settings",
  ]);
});

Deno.test("references: stale comments, backquotes, links and anchors are reported with file and line", () => {
  deepEqual(
    problemsOf({
      "rules/a.ts": "// In: text.\n// Elsewhere: b.ts, gone.ts, docs/style.md.\n",
      "rules/b.ts": 'export const HELP = "see docs/install.md";\n',
      "rules/c.yaml": "# docs/style.md, rules/d.ts\na: docs/cli.md\n",
      "docs/style.md": "# Page\n`rules/b.ts` `rules/c.ts` [a](#page) [b](#no) [c](no.md) [d](../rules)\n",
      "build/x.ts": "// gone.ts\n",
    }),
    [
      "docs/style.md:2: there is no rules/c.ts",
      "docs/style.md:2: docs/style.md has no heading #no",
      "docs/style.md:2: the link to no.md leads nowhere",
      "rules/a.ts:2: there is no gone.ts",
      "rules/b.ts:1: there is no docs/install.md",
      "rules/c.yaml:1: there is no rules/d.ts",
    ],
  );
});
