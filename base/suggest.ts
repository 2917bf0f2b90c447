// The nearest known name to one that is not known, for hints.
// In: a name and the names that would do. Out: the nearest, when it is near enough to be meant.

/** Number of single-character edits and swaps of neighbours between two names, or `limit + 1` when there are more. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  const width = b.length + 1;
  let before = new Array<number>(width).fill(0);
  let last = Array.from({ length: width }, (_, i) => i);
  let row = new Array<number>(width).fill(0);
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row[j] = cost;
      if (cost < best) best = cost;
    }
    if (best > limit) return limit + 1;
    [before, last, row] = [last, row, before];
  }
  return last[b.length]!;
}

/**
 * The nearest name within a third of the length; ties go to the one that continues the name, then to the first.
 * @param most edits
 */
export function nearestName(name: string, known: Iterable<string>, most = Infinity): string | undefined {
  if (name.length === 0 || name.length > 100) return undefined;
  let limit = Math.min(most, Math.max(1, Math.floor(name.length / 3)));
  let nearest: string | undefined;
  const lower = name.toLowerCase();
  for (const candidate of known) {
    if (candidate === name) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), limit);
    // nothing of the name would be left
    if (distance >= lower.length) continue;
    const continues = candidate.startsWith(name) && nearest?.startsWith(name) !== true;
    if (distance <= limit && (nearest === undefined || distance < limit || continues)) {
      nearest = candidate;
      if (distance === 0) return candidate;
      limit = distance;
    }
  }
  return nearest;
}

/** "did you mean `x`?" or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const nearest = nearestName(name, known);
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}
