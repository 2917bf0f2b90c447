// MITRE ATT&CK in tags: `T1059.004`, `TA0011`, `mitre_execution`.
// In: the tags of a rule. Out: tactics and techniques with their numbers.
// Elsewhere: how each format writes them. Names of techniques are hundreds and change; their numbers are enough.

export interface Tactic {
  readonly id: string;
  readonly name: string;
}

export interface Technique {
  /** of the technique itself: T1059 */
  readonly id: string;
  /** T1059.004 */
  readonly subId?: string;
}

export interface Mitre {
  readonly tactics: readonly Tactic[];
  readonly techniques: readonly Technique[];
}

const TACTICS: readonly Tactic[] = [
  { id: "TA0043", name: "Reconnaissance" },
  { id: "TA0042", name: "Resource Development" },
  { id: "TA0001", name: "Initial Access" },
  { id: "TA0002", name: "Execution" },
  { id: "TA0003", name: "Persistence" },
  { id: "TA0004", name: "Privilege Escalation" },
  { id: "TA0005", name: "Defense Evasion" },
  { id: "TA0006", name: "Credential Access" },
  { id: "TA0007", name: "Discovery" },
  { id: "TA0008", name: "Lateral Movement" },
  { id: "TA0009", name: "Collection" },
  { id: "TA0011", name: "Command and Control" },
  { id: "TA0010", name: "Exfiltration" },
  { id: "TA0040", name: "Impact" },
];

const PREFIX = "mitre_";
const BY_TAG = new Map(TACTICS.flatMap((tactic) => [
  [tactic.id, tactic],
  [PREFIX + tactic.name.toLowerCase().replaceAll(" ", "_"), tactic],
]));

export function readMitre(tags: readonly string[]): Mitre {
  const tactics = new Set<Tactic>();
  const techniques = new Map<string, Technique>();
  for (const tag of tags) {
    const tactic = BY_TAG.get(tag);
    if (tactic !== undefined) tactics.add(tactic);
    const [, id, sub] = /^(T\d{4})(\.\d{3})?$/.exec(tag) ?? [];
    if (id !== undefined) techniques.set(tag, sub === undefined ? { id } : { id, subId: id + sub });
  }
  return { tactics: [...tactics], techniques: [...techniques.values()] };
}
