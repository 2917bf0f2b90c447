// Words that other programs have for the keys of rules files.
// In: a key that is missing, the keys that are there. Out: the one that means it.

const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  condition: ["filter", "query", "expression", "expr", "when", "match"],
  desc: ["description", "summary"],
  items: ["values", "elements", "members", "entries"],
  output: ["message", "msg", "format", "print"],
  priority: ["severity", "level", "prio"],
  tags: ["labels"],
  exceptions: ["excludes", "except", "exclude"],
};

export function otherWordFor(key: string, present: Iterable<string>): string | undefined {
  const words = OTHER_WORDS[key] ?? [];
  for (const word of present) if (words.includes(word.toLowerCase())) return word;
  return undefined;
}

/** The key that a word means, among those that are known. */
export function keyOfOtherWord(word: string, known: readonly string[]): string | undefined {
  return known.find((key) => OTHER_WORDS[key]?.includes(word.toLowerCase()));
}
