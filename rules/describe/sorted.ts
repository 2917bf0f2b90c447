// The one order of names in descriptions: by code unit, whatever the locale.

export function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort(byName);
}

export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
