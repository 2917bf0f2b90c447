// Keys of test files that are in the wrong place, or have another name elsewhere.
// In: a key, what it is found in. Out: where it belongs, or nothing. Elsewhere: keys that are misspelt (nodes.ts).

const OF_PROCESS = [
  "in",
  "exe",
  "args",
  "parent",
  "user",
  "group",
  "login_user",
  "tty",
  "cwd",
  "env",
  "pid",
  "files",
];
const OF_EXPECT = [
  "rule",
  "fired",
  "not_fired",
  "nothing_else",
  "output",
  "fields",
  "lists",
  "times",
  "priority",
];
const OF_CONTAINER = ["image", "pod", "privileged", "mounts", "engine"];

const HOMES: Readonly<Record<string, (key: string) => string | undefined>> = {
  "a test file": (key) => ["tests", "scenarios"].includes(key) ? "did you mean `cases`?" : undefined,
  "a case": (key) =>
    OF_PROCESS.includes(key)
      ? `\`${key}\` belongs to the process: \`process: {${key === "in" ? "" : "name: …, "}${key}: …}\``
      : OF_EXPECT.includes(key)
      ? `\`${key}\` belongs under \`expect\``
      : key === "container" || OF_CONTAINER.includes(key)
      ? "a process is in a container: `process: {name: …, in: {container: {image: …}}}`"
      : undefined,
  "a process": (key) =>
    key === "container" || OF_CONTAINER.includes(key)
      ? `write \`in: {container: ${key === "container" ? "…" : `{${key}: …}`}}\``
      : undefined,
};

export function misplacedHint(key: string, what: string): string | undefined {
  return HOMES[what]?.(key);
}
