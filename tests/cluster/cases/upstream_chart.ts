// Falco's own chart from a checkout of its charts, with only the image exchanged, and its values files with our chart.
// FALCO_CHARTS: the checkout. Nothing of it is part of this project.

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { must } from "../../live/lab.ts";
import { exists } from "../../../scripts/compile/stamps.ts";
import type { ClusterCase } from "../case.ts";
import { CHART, type ClusterLab } from "../cluster_lab.ts";
import { pod, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const CHARTS = Deno.env.get("FALCO_CHARTS") ?? "";
const FOLDER =
  ["charts/falco", "falco"].map((folder) => `${CHARTS}/${folder}`).find((path) =>
    exists(`${path}/Chart.yaml`)
  ) ??
    `${CHARTS}/charts/falco`;
const refusal = () =>
  exists(`${FOLDER}/Chart.yaml`) ? undefined : "FALCO_CHARTS names no checkout of Falco's charts";

export const UPSTREAM: readonly ClusterCase[] = [
  {
    name: "upstream-chart",
    aim: "Falco's chart with only the image exchanged: its pods are ready and their alerts name pods",
    refusal,
    run: async (lab) => {
      const values = {
        // no artifacts can be fetched here
        falcoctl: { artifact: { install: { enabled: false }, follow: { enabled: false } } },
        driver: { kind: "modern_ebpf", loader: { enabled: false } },
        customRules: { "programs.yaml": PROGRAM_RULES },
        falco: { json_output: true },
      };
      // dependencies that are switched off need not be fetched
      await lab.withFolder(async (copy) => {
        await copyWithoutDependencies(FOLDER, copy);
        await lab.install(values, copy);
      });
      await named(lab);
      return "ready, alerts name the pod";
    },
  },
  {
    name: "upstream-values",
    aim: "values files of Falco's chart with our chart",
    refusal,
    run: async (lab) => {
      const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) =>
        /^values-.*\.yaml$/.test(name)
      ).sort();
      assert.ok(files.length > 0);
      const figures: string[] = [];
      for (const file of files) {
        const { repository, tag } = lab.image;
        const image = ["registry=", `repository=${repository}`, `tag=${tag}`, "pullPolicy=Never"];
        const set = ["--set", image.map((word) => `image.${word}`).join(",")];
        const command = ["upgrade", "--install", "falco", CHART, "--create-namespace"];
        await lab.helm(...command, "-f", `${FOLDER}/${file}`, ...set);
        await lab.isRolledOut();
        figures.push(file);
        await lab.uninstall();
      }
      return figures.join(", ");
    },
  },
];

/** A copy of the chart: helm wants the dependencies' archives even when nothing of them is used. */
async function copyWithoutDependencies(chart: string, copy: string): Promise<void> {
  await must("cp", "-r", `${chart}/.`, copy);
  const file = `${copy}/Chart.yaml`;
  const { dependencies: _, ...rest } = parse(await Deno.readTextFile(file));
  await Deno.writeTextFile(file, stringify(rest));
  await Deno.remove(`${copy}/Chart.lock`).catch(() => {});
}

async function named(lab: ClusterLab): Promise<void> {
  await lab.apply(pod({ name: "seen" }));
  await lab.until(
    "an alert that names the pod",
    async () =>
      (await lab.alerts(PROGRAM_RULE)).some(({ output_fields }) => output_fields["k8s.pod.name"] === "seen"),
  );
  await lab.delete("pod", "seen");
}
