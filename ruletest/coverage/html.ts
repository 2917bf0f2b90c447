// Coverage as one HTML page without anything from elsewhere: each rule with its checks, and how often they were true and false.

import { sanitizeLine } from "../../base/mod.ts";
import { whereIs } from "../../rules/mod.ts";
import {
  type CheckCoverage,
  type Coverage,
  type ExclusionCoverage,
  percentOf,
  type RuleCoverage,
  shareOf,
} from "./coverage.ts";
import { percentText } from "./text.ts";

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse; width: 100%; margin: .3em 0 1em } td, th { text-align: left; padding: .15em .6em; vertical-align: top }
td.n { text-align: right; white-space: nowrap } code { font: 12px/1.5 ui-monospace, monospace }
.both { background: #e6f5e6 } .half { background: #fff3d6 } .none { background: #fde4e1 } .fixed { color: #777 }
details { border-top: 1px solid #ddd; padding: .3em 0 } summary { cursor: pointer } small { color: #666 }
meter { width: 8em; vertical-align: middle }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1c1c1c } .both { background: #1d3b1d } .half { background: #4a3a10 } .none { background: #4d211d }
  details { border-color: #444 } small { color: #aaa }
}`;

export function coverageHtml(coverage: Coverage): string {
  const rules = [...coverage.rules].sort((a, b) =>
    percentOf(shareOf(a.checks)) - percentOf(shareOf(b.checks))
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Coverage of rules</title><style>${STYLE}</style>
<h1>Coverage of rules: ${percentText(coverage)}</h1>
<p>${coverage.seen} of ${coverage.possible} answers of checks in ${coverage.rules.length} rules. A check is covered when a case has shown it
true and another event has shown it false; the rules with the largest gaps come first.</p>
${rules.map(ruleHtml).join("")}</html>
`;
}

function ruleHtml({ rule, path, line, checks, exclusions }: RuleCoverage): string {
  const share = shareOf(checks);
  const percent = percentOf(share);
  return `<details${percent < 100 ? " open" : ""}><summary><meter min="0" max="100" value="${
    percent.toFixed(1)
  }"></meter>
<b>${html(rule)}</b> ${percentText(share)} <small>${html(path)}:${line}</small></summary>
<table><tr><th>check</th><th>in</th><th>true</th><th>false</th></tr>
${checks.map(checkHtml).join("")}</table>
${exclusions.some(({ isFixed }) => !isFixed) ? exclusionsHtml(exclusions) : ""}</details>
`;
}

function exclusionsHtml(exclusions: readonly ExclusionCoverage[]): string {
  const rows = exclusions.filter(({ isFixed }) => !isFixed).map(({ text, within, alone }) =>
    `<tr class="${alone > 0 ? "both" : "none"}"><td><code>${html(text)}</code></td><td><small>${
      html(within.join(" > "))
    }</small></td><td class="n">${alone}</td></tr>\n`
  );
  return `<table><tr><th>exclusion</th><th>in</th><th>alone kept it from firing</th></tr>
${rows.join("")}</table>`;
}

function checkHtml({ leaf, within, whenTrue, whenFalse, fixed }: CheckCoverage): string {
  const ways = Number(whenTrue > 0) + Number(whenFalse > 0);
  const style = fixed !== undefined ? "fixed" : ["none", "half", "both"][ways];
  return `<tr class="${style}"><td><code title="${html(whereIs(leaf.span))}">${html(leaf.text)}</code></td>` +
    `<td><small>${
      html(
        [within.join(" > "), fixed === undefined ? "" : `not counted: ${fixed}`].filter((text) => text !== "")
          .join("; "),
      )
    }</small></td><td class="n">${whenTrue}</td><td class="n">${whenFalse}</td></tr>\n`;
}

function html(text: string): string {
  return sanitizeLine(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
