// Who may import whom: packages, and the layers inside of those that are compilers.
// In: nothing. Out: tables, lowest first. docs/architecture.md shows the first one; a test compares them.
// Elsewhere: enforcing them (scripts/check_packages.ts).

/** What each package may import. Folders that are not here (tests, scripts, bench) may import all, past doors too. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  base: [],
  assets: [],
  schema: [],
  assembly: [],
  probe: [],
  ffi: ["base"],
  files: ["base", "ffi"],
  scap: ["schema"],
  kube: ["base", "files"],
  artifacts: ["assets", "base"],
  operator: ["artifacts", "base", "kube"],
  rules: ["base", "files", "schema"],
  alerts: ["base", "rules", "schema"],
  config: ["alerts", "assets", "base", "files", "rules"],
  metadata: ["base", "ffi", "files", "kube", "schema"],
  sources: ["base", "ffi", "files", "metadata", "scap", "schema"],
  engine: ["alerts", "assets", "ffi", "rules", "schema", "sources"],
  outputs: ["alerts", "assets", "base", "config", "ffi", "files", "rules"],
  service: [
    ...[
      "alerts",
      "artifacts",
      "assets",
      "base",
      "config",
      "engine",
      "ffi",
      "files",
      "kube",
      "metadata",
      "operator",
      "outputs",
      "rules",
      "scap",
    ],
    ...["schema", "sources"],
  ],
  ruletest: [
    ...["alerts", "assets", "base", "config", "engine", "files", "rules", "scap", "schema", "service"],
    "sources",
  ],
  doctor: ["assets", "base", "config", "engine", "ffi", "metadata", "rules", "schema", "service", "sources"],
  lsp: ["base", "config", "files", "rules", "schema"],
  cli: [
    "artifacts",
    "assets",
    "base",
    "config",
    "doctor",
    "ffi",
    "files",
    "kube",
    "lsp",
    "operator",
    "outputs",
    "rules",
    "ruletest",
    "schema",
    "service",
  ],
  "main.ts": ["assets", "base", "cli", "ffi"],
};

/** Nothing may import these: they are compiled for another machine. */
export const FOREIGN: readonly string[] = ["assembly", "probe"];

/** Inside a package: what its folders may import. Files of the package's own folder join the layers. */
export const LAYERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  rules: {
    findings: [],
    text: [],
    wasm: [],
    regex: ["wasm"],
    diagnostics: ["findings", "text"],
    yaml: ["diagnostics", "findings", "text"],
    syntax: ["diagnostics", "text", "yaml"],
    check: ["diagnostics", "findings", "regex", "syntax", "text", "yaml"],
    items: ["check", "diagnostics", "syntax", "text", "yaml"],
    expand: ["diagnostics", "items", "syntax", "text"],
    output: ["check", "diagnostics", "items", "syntax", "text"],
    lower: ["check", "syntax"],
    lint: ["check", "diagnostics", "items", "lower", "syntax", "text", "yaml"],
    emit: ["lower", "regex", "wasm"],
    report: ["diagnostics", "findings", "schema", "text", "yaml"],
    schema: ["check", "items", "syntax", "yaml"],
    describe: ["check", "diagnostics", "expand", "items", "syntax", "text"],
  },
  assembly: {
    generated: [],
    memory: ["generated"],
    strings: ["generated", "memory"],
    match: ["memory", "strings"],
    convert: ["generated", "memory", "strings"],
    state: ["generated", "match", "memory", "strings"],
    render: ["generated", "match", "state", "strings"],
    fields: ["generated", "match", "memory", "render", "state", "strings"],
  },
};
