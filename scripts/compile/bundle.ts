// Build step of the executable: a program or a thread with all that it imports, as one text.
// In: its first module. Out: JavaScript of the CommonJS kind, as short as it gets, in ASCII.
// Elsewhere: what the executable makes of it (executable.ts), how it is evaluated (launcher/loader.js).

/**
 * As CommonJS, where each module asks for the runtime's own modules when it is needed first: ES modules would load all
 * of them at every start.
 */
export async function bundle(root: string, entry: string, output: string): Promise<string> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform", "deno", "--format", "cjs", "--minify", "--keep-names"],
      ...["--output", output, entry],
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(`Cannot bundle ${entry}:\n${new TextDecoder().decode(stderr).trim()}`);
  return asAscii(withNamesOfClasses(Deno.readTextFileSync(output)));
}

/**
 * The bundler has each function named when it is made, closures of hot loops included: a tenth of the main thread's CPU until falco
 * watches. Names are needed of classes, by which errors are known: what is called as one keeps its name.
 */
function withNamesOfClasses(text: string): string {
  const named = /=\(([\w$]+),([\w$]+)\)=>([\w$]+\(\1,"name",\{value:\2,configurable:!0\}\))/;
  if (!named.test(text)) throw new Error("Cannot find where the bundle names its functions");
  return text.replace(named, (_, made, name, define) => `=(${made},${name})=>${name}<"a"?${define}:${made}`);
}

/** V8 keeps a text with a single other character in two bytes for each. Such are left in regular expressions. */
function asAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
