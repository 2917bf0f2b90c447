// A profile as a page: one file that loads nothing, with the time of each rule and where its evaluations end.
// In: a Profile. Out: HTML.

import { sanitizeLine } from "../../base/mod.ts";
import type { Profile, ProfiledRule } from "./profile.ts";
import { partText, percent, times } from "./profile_text.ts";

const BAR_WIDTH = 320;
const BAR_HEIGHT = 14;
/** of the parts of a rule, in turn; what is left over are the matches */
const COLOURS = ["#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#9c6b4e", "#a463f2", "#97bbf5", "#9498a0"];

const STYLE = `
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em; color: #1b1e23; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: 2px 8px; border-bottom: 1px solid #e5e5e5; vertical-align: top; white-space: nowrap; }
th:last-child, td:last-child, td.text, th.text { text-align: left; white-space: normal; }
details { margin: .5em 0; } summary { cursor: pointer; }
svg { display: block; } code { font: 12px ui-monospace, monospace; } .dim { color: #6b7280; }
@media (prefers-color-scheme: dark) { body { background: #16181d; color: #e4e6ea; } th, td { border-color: #30343c; } }
`;

export function profilePage(profile: Profile): string {
  const { rules, advice, notes, events, ns_per_event } = profile;
  const where = profile.trace ?? `this host, ${profile.seconds} s`;
  const most = Math.max(1, ...rules.map(({ nanoseconds }) => nanoseconds));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Rules: ${text(where)}</title>
<style>${STYLE}</style>
<h1>What rules cost</h1>
<p>${text(where)}: ${events} events, ${ns_per_event} ns of rules for each.</p>
${notes.map((note) => `<p class="dim">${text(note)}</p>`).join("\n")}
${
    advice.length === 0
      ? ""
      : `<h2>Advice</h2>\n<ul>\n${
        advice.map((one) => `<li><b>${text(one.rule)}</b>: ${text(one.text)}</li>`).join("\n")
      }\n</ul>`
  }
<h2>Rules</h2>
<table>
<tr><th>share</th><th>ns/event</th><th>ns/look</th><th>looks</th><th>matches</th><th class="text">time</th><th>rule</th></tr>
${rules.map((rule) => row(rule, most)).join("\n")}
</table>
<h2>What ends them</h2>
${rules.filter(({ evaluations }) => evaluations > 0).map(details).join("\n")}
</html>
`;
}

function row(rule: ProfiledRule, most: number): string {
  const cells = [
    ...times(rule),
    String(rule.evaluations),
    String(rule.matches),
  ];
  const bar = svg([{ share: rule.nanoseconds / most, colour: COLOURS[0]!, about: percent(rule.share) }]);
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}<td class="text">${bar}</td><td>${
    text(rule.rule)
  }</td></tr>`;
}

function details(rule: ProfiledRule): string {
  const looked = rule.parts.filter(({ evaluated }) => evaluated > 0).toSorted((a, b) =>
    b.evaluated - a.evaluated
  );
  const colour = (index: number) => COLOURS[index % COLOURS.length]!;
  const bar = svg(looked.map((part, index) => ({
    share: part.ended,
    colour: colour(index),
    about: `${partText(part)}: ${percent(part.ended)}`,
  })));
  const rows = looked.map((part, index) =>
    `<tr><td>${percent(part.ended)}</td><td>${part.evaluated}</td><td><span style="color:${
      colour(index)
    }">■</span> <code>${text(partText(part))}</code></td></tr>`
  );
  const { types, alone, events_alone } = rule.captures;
  return `<details><summary>${text(rule.rule)} <span class="dim">${percent(rule.share)}, ${
    text(`${rule.file}:${rule.line}`)
  }</span>${bar}</summary>
<p>Looks at ${text(types.join(", "))}. Captured for it alone: ${
    alone.length === 0 ? "nothing" : `${text(alone.join(", "))} (${events_alone} events)`
  }.</p>
<table><tr><th>ends</th><th>looks</th><th>part, in the order in which they are looked at</th></tr>
${rows.join("\n")}
</table></details>`;
}

function svg(
  pieces: readonly { readonly share: number; readonly colour: string; readonly about: string }[],
): string {
  let at = 0;
  const bars = pieces.map(({ share, colour, about }) => {
    const width = Math.max(0, share) * BAR_WIDTH;
    const bar = `<rect x="${at.toFixed(1)}" width="${
      width.toFixed(1)
    }" height="${BAR_HEIGHT}" fill="${colour}"><title>${text(about)}</title></rect>`;
    at += width;
    return bar;
  });
  return `<svg width="${BAR_WIDTH}" height="${BAR_HEIGHT}" role="img">${bars.join("")}</svg>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Names of rules come from files of others. */
function text(raw: string): string {
  return sanitizeLine(raw).replace(/[&<>"]/g, (char) => ENTITIES[char]!);
}
