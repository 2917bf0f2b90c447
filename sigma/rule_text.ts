// Writes a rule of Falco's: the YAML of what a Sigma rule became, with its author, references and false positives.
// In: the rule's parts. Out: YAML. Texts are written as JSON strings, which YAML reads as they are.

import type { SigmaRule } from "./sigma_rule.ts";

const PRIORITIES: Readonly<Record<string, string>> = {
  informational: "INFORMATIONAL",
  low: "NOTICE",
  medium: "WARNING",
  high: "ERROR",
  critical: "CRITICAL",
};

const WIDTH = 110;

export function ruleText(rule: SigmaRule, name: string, condition: string, output: string): string {
  const title = rule.title.replaceAll("%", "percent");
  return [
    `- rule: ${JSON.stringify(oneLine(name))}`,
    `  desc: ${JSON.stringify(descriptionOf(rule))}`,
    `  condition: |-`,
    ...broken(condition).map((line) => `    ${line}`),
    `  output: ${JSON.stringify(oneLine(`${title} | ${output}`))}`,
    `  priority: ${PRIORITIES[rule.level ?? ""] ?? "WARNING"}`,
    `  tags: [${tagsOf(rule).map((tag) => JSON.stringify(tag)).join(", ")}]`,
    "",
  ].join("\n");
}

function descriptionOf(rule: SigmaRule): string {
  const harmless = rule.falsePositives.filter((text) => !/^(unknown|unlikely|none)\.?$/i.test(text.trim()));
  return [
    rule.description ?? rule.title,
    ...(harmless.length > 0 ? [`False positives: ${harmless.join("; ")}.`] : []),
    `Sigma rule${rule.id === undefined ? "" : ` ${rule.id}`}${
      rule.author === undefined ? "" : ` by ${rule.author}`
    }.`,
    ...(rule.references.length > 0 ? [`References: ${rule.references.join(" ")}`] : []),
  ].map((text) => text.replace(/\s+/g, " ").trim().replace(/\.\.$/, ".")).join("\n");
}

/** `attack.t1059.004` → T1059.004, `attack.execution` → mitre_execution, as Falco's own rules have them. */
function tagsOf({ tags, logsource }: SigmaRule): string[] {
  const made = tags.map((tag) => {
    const technique = /^attack\.([tsg]\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1];
    if (technique !== undefined) return technique.toUpperCase();
    const tactic = /^attack\.(.+)$/i.exec(tag)?.[1];
    return (tactic === undefined ? tag : `mitre_${tactic}`).replace(/[^A-Za-z0-9.]+/g, "_");
  });
  return [...new Set([...made, "sigma", ...logsource.category === undefined ? [] : [logsource.category]])];
}

/** A line for each check that is joined at the top, and long ones broken at blanks outside of quotes. */
function broken(condition: string): string[] {
  const words = condition.match(/"(?:[^"\\]|\\.)*"[,)]*|[^\s"]+(?:"(?:[^"\\]|\\.)*"[,)]*)?/g) ?? [condition];
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
