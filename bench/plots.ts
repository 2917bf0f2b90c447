// Draws the plots of docs/performance.md from figures of one run.
// In: the file that `main.ts --json` wrote, the folder for the plots. Out: an SVG for each plot, a line for each.
// Elsewhere: the measurements (main.ts).

import { init } from "echarts";
import type { Figure } from "./figure.ts";

interface Plot {
  readonly file: string;
  readonly unit: string;
  /** a bar in each group */
  readonly series: readonly string[];
  /** with a figure for each series */
  readonly groups: readonly { readonly label: string; readonly figures: readonly Value[] }[];
}

/** A figure by its name, or what it is compared with. */
type Value = string | { readonly against: string };

const MODES = ["without falco", "empty programs", "filter off", "filter auto"];

export const PLOTS: readonly Plot[] = [
  {
    file: "calls.svg",
    unit: "ns a call",
    series: MODES,
    groups: [
      { label: "getppid", figures: modesOf("getppid") },
      { label: "open and close", figures: modesOf("open-close") },
      { label: "open what is not there", figures: modesOf("open-missing") },
      { label: "pipe and closes", figures: modesOf("pipe") },
      { label: "TCP send and recv", figures: modesOf("tcp") },
      { label: "UDP socket", figures: modesOf("udp") },
    ],
  },
  {
    file: "events.svg",
    unit: "events that reach falco",
    series: ["filter off", "filter auto"],
    groups: ["a compile", "find | xargs cat"].map((load) => ({
      label: load,
      figures: [{ against: `${load}, filter auto` }, `${load}, filter auto`],
    })),
  },
  {
    file: "matcher.svg",
    unit: "ns an event",
    series: ["in the matcher"],
    groups: [
      { label: "no rules", figures: ["decode and state"] },
      { label: "25 stable rules", figures: ["decode, state and 25 stable rules"] },
      { label: "bundled rules", figures: ["decode, state and bundled rules"] },
      { label: "all of upstream", figures: ["decode, state and all upstream rules"] },
    ],
  },
];

const WIDTH = 760;
const GROUP_HEIGHT = 26;
const FRAME_HEIGHT = 90;
/** Readable on white and on black: the pages are shown on both. */
const TEXT = "#7d8590";
const COLOURS = ["#9498a0", "#6cc5b0", "#efb118", "#4269d0"];

function modesOf(call: string): Value[] {
  return [{ against: `${call}, filter auto` }, ...MODES.slice(1).map((mode) => `${call}, ${mode}`)];
}

export function drawPlot({ unit, series, groups }: Plot, figures: readonly Figure[]): string {
  const valueOf = (wanted: Value): number => {
    const name = typeof wanted === "string" ? wanted : wanted.against;
    const figure = figures.find((one) => one.name === name);
    const value = typeof wanted === "string" ? figure?.value : figure?.against?.value;
    if (value === undefined) throw new Error(`Cannot draw: nothing was measured that is called ${name}`);
    return Number(value.toPrecision(3));
  };
  const height = FRAME_HEIGHT + GROUP_HEIGHT * groups.length * Math.max(2, series.length);
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    color: series.length === MODES.length ? COLOURS : COLOURS.slice(-series.length),
    textStyle: { color: TEXT, fontFamily: "system-ui, sans-serif" },
    legend: { show: series.length > 1, top: 0, itemGap: 40, textStyle: { color: TEXT } },
    grid: { left: 170, right: 70, top: 34, bottom: 46 },
    xAxis: {
      type: "value",
      name: unit,
      nameLocation: "middle",
      nameGap: 28,
      axisLabel: { color: TEXT },
      splitLine: { lineStyle: { opacity: 0.3 } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      axisLabel: { color: TEXT },
      data: groups.map(({ label }) => label),
    },
    series: series.map((name, index) => ({
      name,
      type: "bar",
      label: { show: true, position: "right", color: TEXT },
      data: groups.map((group) => valueOf(group.figures[index]!)),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

function main([input, folder]: readonly string[]): number {
  if (input === undefined || folder === undefined) {
    console.error("usage: plots.ts FIGURES.json FOLDER");
    return 2;
  }
  const figures: readonly Figure[] = JSON.parse(Deno.readTextFileSync(input));
  for (const plot of PLOTS) {
    Deno.writeTextFileSync(`${folder}/${plot.file}`, drawPlot(plot, figures));
    console.log(`drew ${folder}/${plot.file}`);
  }
  return 0;
}

// the library leaves something behind that keeps the process alive
if (import.meta.main) Deno.exit(main(Deno.args));
