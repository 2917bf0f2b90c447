// Whether falco would take files that objects of Kubernetes have become, and which part of them.
// In: the plan of a run, files that are not in place yet, the folders where they would be. Out: what is good of them; reasons.
// Elsewhere: rules (artifact_rules.ts), which part counts (operator/node/file_check.ts), putting in place (operator/node/).

import { loadSettings, type Settings } from "../../config/mod.ts";
import {
  type ArtifactFile,
  type BadFile,
  type CheckedFiles,
  checkFiles,
  type FileDraft,
} from "../../operator/mod.ts";
import { folderCheck } from "./artifact_rules.ts";
import type { RunPlan } from "./plan_run.ts";

export type ExaminedFolders = Readonly<Record<ArtifactFile["folder"], string>>;

export function examineFiles(
  plan: RunPlan,
  folders: ExaminedFolders,
  files: readonly FileDraft[],
): CheckedFiles {
  const checkRules = folderCheck(plan, folders.rules);
  const kind = plan.settings["engine.kind"];
  return checkFiles(files, (all) => {
    const found = new Map<string, BadFile>(checkRules(all.filter(({ folder }) => folder === "rules")));
    for (const { name, bytes } of all.filter(({ folder }) => folder === "config")) {
      const [problem] = settingProblems(bytes, kind);
      if (problem !== undefined) found.set(name, { reason: `${name}: ${problem}` });
    }
    return found;
  });
}

/** By itself: what is wrong in a part of the settings is wrong in all of them. */
function settingProblems(bytes: Uint8Array, kind: Settings["engine.kind"]): readonly string[] {
  const path = Deno.makeTempFileSync({ suffix: ".yaml" });
  try {
    Deno.writeFileSync(path, bytes);
    const { settings, problems } = loadSettings(path, []);
    const texts = problems.map((problem) => problem.replaceAll(`${path}:`, "").trim());
    const usual = loadSettings(undefined, []).settings;
    // as long as it is there, every reload would be refused, and the next pod would begin without it
    if (settings["engine.kind"] !== usual["engine.kind"] && settings["engine.kind"] !== kind) {
      texts.push(
        `engine.kind: ${
          settings["engine.kind"]
        } cannot take effect: falco runs with ${kind}, and a reload does not change ` +
          "that; it follows from the type of the Falco object",
      );
    }
    return texts;
  } finally {
    Deno.removeSync(path);
  }
}
