// Says aloud that falco looks at another host than the one it watches: in a private pid namespace, or with a wrong
// HOST_ROOT, names of processes would be those of others.
// Likewise, in the log only, that the kernel's filter cannot be had: then all is reported, and nothing is missed.
// In: what the engine has found (sources/live/host_view.ts, sources/live/probe.ts). Out: a line in the log and an internal alert, for each
// engine that finds it. Elsewhere: health (service/web/health.ts).

import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { Component, RunState } from "../run/run_state.ts";

export function tellHostProblem(run: RunState): Component {
  let told: RunState["engine"] | undefined;
  const tell = () => {
    const { engine } = run;
    if (engine === told) return;
    told = engine;
    if (engine.filterProblem !== undefined) run.log("warning", engine.filterProblem);
    if (engine.hostProblem === undefined) return;
    run.log("error", engine.hostProblem);
    run.raise(INTERNAL_ALERTS.foreignHost(engine.hostProblem));
  };
  tell();
  return { reloaded: tell };
}
