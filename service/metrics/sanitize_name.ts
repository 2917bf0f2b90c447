// Names of rules and files as part of a metric's name, as Falco writes them.

export function sanitizeName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_:]/g, "_").replace(/_+/g, "_").replace(/_$/, "");
}
