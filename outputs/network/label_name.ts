// Names as Prometheus, Alertmanager and Loki allow them: letters, digits and `_`, no digit first.
// In: any name. Out: `proc.name` as `proc_name`. One wrong name would have every alert refused.

export function labelName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=[0-9])/, "_");
}

export function labelled(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [labelName(name), value]));
}
