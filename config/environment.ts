// Variables of the environment in the texts of a configuration file: `${NAME}` is replaced by its value, by nothing when
// it is not set. `$${NAME}` stands for the text `${NAME}`. Rules files are not expanded.

export function expandVariables(
  written: unknown,
  get: (name: string) => string | undefined = Deno.env.get,
): unknown {
  if (typeof written === "string") {
    return written.replace(/\$?\$\{([^}]*)\}/g, (whole, name: string) => {
      if (whole.startsWith("$$")) return whole.slice(1);
      return isName(name) ? get(name) ?? "" : "";
    });
  }
  if (Array.isArray(written)) return written.map((item) => expandVariables(item, get));
  if (typeof written !== "object" || written === null) return written;
  return Object.fromEntries(
    Object.entries(written).map(([key, value]) => [key, expandVariables(value, get)]),
  );
}

/** Others cannot be asked for: Deno throws. */
function isName(name: string): boolean {
  return name !== "" && !/[=\0]/.test(name);
}
