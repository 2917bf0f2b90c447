// The plots of docs/performance.md are those of the figures next to them.

import { equal, ok } from "node:assert/strict";
import { drawPlot, PLOTS } from "../../bench/plots.ts";

const FIGURES = new URL("../../docs/figures/", import.meta.url);

Deno.test("each plot is drawn from the figures that are kept, and is shown", async () => {
  const figures = JSON.parse(await Deno.readTextFile(new URL("figures.json", FIGURES)));
  const page = await Deno.readTextFile(new URL("../performance.md", FIGURES));
  for (const plot of PLOTS) {
    equal(await Deno.readTextFile(new URL(plot.file, FIGURES)), drawPlot(plot, figures), plot.file);
    ok(page.includes(`](figures/${plot.file})`), plot.file);
  }
});
