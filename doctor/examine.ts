// All that `falco doctor` looks at, in the order in which one thing builds on another.
// In: settings, flags. Out: findings, each as soon as it is known.

import { assetBytes } from "../assets/mod.ts";
import { containerConfig } from "../config/mod.ts";
import { bootEpochNs } from "../ffi/mod.ts";
import { messageOf } from "../base/mod.ts";
import { readContainerSettings } from "../metadata/containers/mod.ts";
import { checkEngines } from "./engines.ts";
import { fail, type Finding, warning } from "./finding.ts";
import { checkKernel } from "./kernel.ts";
import { checkLibrary } from "./library.ts";
import { checkPlaces } from "./places.ts";
import { checkProbePrograms } from "./probe_programs.ts";
import { checkClock, checkMemory, readMemoryFacts } from "./resources.ts";
import { checkRights } from "./rights.ts";
import { selfTest, type SelfTestOptions } from "./self_test.ts";

export interface ExamineOptions extends SelfTestOptions {
  readonly withSelfTest: boolean;
}

export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  const { settings, hostRoot } = options;
  const bootBefore = bootEpochNs();
  const basis: Finding[] = [];
  for (const step of [checkKernel, checkRights, () => [checkLibrary()]]) {
    const findings = safely(step);
    basis.push(...findings);
    yield* findings;
  }
  const { initConfig, containerEngines } = containerConfig(settings);
  yield* safely(() => checkPlaces(hostRoot));
  yield await checkEngines(hostRoot, readContainerSettings(initConfig, containerEngines).settings);
  yield* safely(() => [checkMemory(readMemoryFacts(settings))]);

  const obstacle = basis.find(({ standing }) => standing === "fail");
  if (obstacle !== undefined) {
    yield warning("probe", `not tried: ${obstacle.subject} does not allow it`);
  } else {
    let isTaken = true;
    for (
      const finding of safely(() =>
        checkProbePrograms(assetBytes("probe.bpf.o"), assetBytes("preemption.bpf.o"))
      )
    ) {
      isTaken &&= finding.standing !== "fail";
      yield finding;
    }
    if (!options.withSelfTest) yield warning("self-test", "not made, as --no-self-test wants it");
    else if (!isTaken) yield warning("self-test", "not made: the kernel refuses the probe");
    else yield* await selfTest(options);
  }
  yield* safely(() => [checkClock(bootBefore)]);
}

/** What is odd about a host must not keep the rest from being told. */
function safely(step: () => Finding[]): Finding[] {
  try {
    return step();
  } catch (error) {
    return [fail("doctor", messageOf(error), "Please report this")];
  }
}
