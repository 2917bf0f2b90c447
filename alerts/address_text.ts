// Internet addresses as text.
// In: 4 or 16 bytes in network order. Out: the usual text (RFC 5952 for IPv6, as inet_ntop writes it).
// Elsewhere: pairs of addresses such as fd.name, which the matcher renders.

export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return "<NA>";
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));

  const run = longestZeroRun(words);
  // the forms ::a.b.c.d and ::ffff:a.b.c.d keep their IPv4 part readable
  const mapped = run.start === 0 && (run.length === 6 || (run.length === 5 && words[5] === 0xffff));
  const shown = mapped ? words.slice(0, 6) : words;
  const hex = (part: readonly number[]) => part.map((word) => word.toString(16)).join(":");
  let text = run.length < 2
    ? hex(shown)
    : `${hex(shown.slice(0, run.start))}::${hex(shown.slice(run.start + run.length))}`;
  if (mapped) text += `${text.endsWith(":") ? "" : ":"}${bytes.slice(12).join(".")}`;
  return text;
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < words.length; start++) {
    let end = start;
    while (words[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}
