// The nearest known name to one that is not known, for hints.
// In: a name and the names that would do. Out: the nearest, when it is near enough to be meant.
//
// A file can hold thousands of names that are not known: most candidates are ruled out by their letters, and of those that
// are alike only some are compared.

/** Candidates of which the edits are counted. */
const MAX_ALIKE = 300;

/** Number of single-character edits and swaps of neighbours between two names, or `limit + 1` when there are more. */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  const [a, b] = withoutCommonEnds(one, other);
  const width = b.length + 1;
  const far = limit + 1;
  let before = new Array<number>(width).fill(far);
  let last = Array.from({ length: width }, (_, i) => i);
  let row = new Array<number>(width).fill(far);
  for (let i = 1; i <= a.length; i++) {
    // further from the diagonal there are more edits than the limit
    const from = Math.max(1, i - limit), to = Math.min(b.length, i + limit);
    row[from - 1] = from === 1 ? i : far;
    let best = row[from - 1]!;
    for (let j = from; j <= to; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row[j] = cost;
      if (cost < best) best = cost;
    }
    if (to < b.length) row[to + 1] = far;
    if (best > limit) return far;
    [before, last, row] = [last, row, before];
  }
  return Math.min(last[b.length]!, far);
}

function withoutCommonEnds(a: string, b: string): [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0, end = 0;
  while (start < shorter && a[start] === b[start]) start++;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/**
 * The nearest name within a third of the length; ties go to the one that continues the name, then to the first.
 * @param most edits
 */
export function nearestName(name: string, known: Iterable<string>, most = Infinity): string | undefined {
  if (name.length === 0 || name.length > 100) return undefined;
  let limit = Math.min(most, Math.max(1, Math.floor(name.length / 3)));
  let nearest: string | undefined;
  let alike = 0;
  const lower = name.toLowerCase();
  const letters = lettersOf(lower);
  for (const candidate of known) {
    if (candidate === name || Math.abs(candidate.length - name.length) > limit) continue;
    const others = lettersOf(candidate);
    if (count(letters & ~others) > limit || count(others & ~letters) > limit) continue;
    if (++alike > MAX_ALIKE) break;
    const distance = editDistance(lower, candidate.toLowerCase(), limit);
    const continues = candidate.startsWith(name) && nearest?.startsWith(name) !== true;
    if (distance <= limit && (nearest === undefined || distance < limit || continues)) {
      nearest = candidate;
      if (distance === 0) return candidate;
      limit = distance;
    }
  }
  return nearest;
}

/** A bit for each ASCII letter that is there, in either case: each one that only one of two names has takes an edit. */
function lettersOf(name: string): number {
  let letters = 0;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code < 128) letters |= 1 << (code & 31);
  }
  return letters;
}

function count(bits: number): number {
  let left = bits, found = 0;
  for (; left !== 0; left &= left - 1) found++;
  return found;
}

/** "did you mean `x`?" or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const nearest = nearestName(name, known);
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}
