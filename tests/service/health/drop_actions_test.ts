import { deepEqual, equal } from "node:assert/strict";
import { defaultSettings, type Settings } from "../../../config/settings.ts";
import { DropActions } from "../../../service/health/drop_actions.ts";
import type { InternalAlert } from "../../../service/internal_alerts/internal_alerts.ts";

function actions(settings: Partial<Settings>) {
  const alerts: InternalAlert[] = [];
  const logged: string[] = [];
  const exits: string[] = [];
  const drops = new DropActions({
    settings: { ...defaultSettings(), ...settings },
    raise: (alert) => alerts.push(alert),
    log: (level, message) => logged.push(`${level}: ${message}`),
    exit: (why) => exits.push(why),
  });
  return { drops, alerts, logged, exits };
}

const MESSAGE = "Falco internal: syscall event drop. 30 system calls dropped in last second.";
const BEFORE = { reported: 1000n, drops_buffer_open: 5n };
const AFTER = { reported: 1100n, drops_buffer_open: 25n, drops_buffer_close: 7n, drops_scratch: 3n };

Deno.test("too many drops within a second are logged and alerted once, with Falco's fields as texts; the log says which kinds", () => {
  const { drops, alerts, logged, exits } = actions({});
  drops.take(BEFORE, 0);
  drops.take(AFTER, 1000);
  equal(alerts[0]?.message, MESSAGE);
  deepEqual(alerts[0]?.fields, {
    n_evts: "130",
    n_drops: "30",
    n_drops_buffer_total: "27",
    n_drops_buffer_clone_fork_exit: "0",
    n_drops_buffer_execve_exit: "0",
    n_drops_buffer_connect_exit: "0",
    n_drops_buffer_open_exit: "20",
    n_drops_buffer_dir_file_exit: "0",
    n_drops_buffer_other_interest_exit: "0",
    n_drops_buffer_close_exit: "7",
    n_drops_buffer_proc_exit: "0",
    n_drops_scratch_map: "3",
    n_drops_page_faults: "0",
    n_drops_bug: "0",
    ebpf_enabled: "1",
  });
  deepEqual(logged, [`warning: ${MESSAGE} Of them: open 20, close 7, scratch_map 3`]);
  deepEqual(exits, []);
});

Deno.test("calls for which the kernel skipped the probe are drops, in Falco's field for faults of the probe", () => {
  const { drops, alerts } = actions({});
  drops.take({ ...BEFORE, drops_skipped: 1n }, 0);
  drops.take({ ...BEFORE, reported: 1100n, drops_skipped: 31n, tail_call_failed: 2n }, 1000);
  equal(alerts[0]?.fields["n_drops_bug"], "32");
  equal(alerts[0]?.fields["n_drops"], "32");
});

Deno.test("drops up to the threshold are no reason; what was lost before the start is none either", () => {
  const { drops, alerts } = actions({ "syscall_event_drops.threshold": 0.5 });
  drops.take({ reported: 0n, drops_buffer_open: 1000n }, 0);
  drops.take({ reported: 100n, drops_buffer_open: 1100n }, 1000);
  equal(alerts.length, 0);
  drops.take({ reported: 200n, drops_buffer_open: 1201n }, 2000);
  equal(alerts.length, 1);
});

Deno.test("actions are taken at once as often as max_burst, then as the rate says; all seconds are counted", () => {
  const { drops, alerts } = actions({ "syscall_event_drops.rate": 0.25, "syscall_event_drops.max_burst": 2 });
  for (let second = 0n; second <= 9n; second++) {
    drops.take({ reported: second, drops_buffer_open: second }, Number(second) * 1000);
  }
  equal(alerts.length, 4);
  deepEqual([drops.detected, drops.taken], [9n, 4n]);
});

Deno.test("the action exit ends the run and says why", () => {
  const { drops, alerts, exits } = actions({ "syscall_event_drops.actions": ["exit"] });
  drops.take(BEFORE, 0);
  drops.take(AFTER, 1000);
  deepEqual([alerts.length, exits], [0, [MESSAGE]]);
});

Deno.test("without actions, or with ignore, nothing is done", () => {
  for (const chosen of [[], ["ignore"]] as const) {
    const { drops, alerts, logged, exits } = actions({ "syscall_event_drops.actions": chosen });
    drops.take(BEFORE, 0);
    drops.take(AFTER, 1000);
    deepEqual([alerts, logged, exits], [[], [], []]);
  }
});

Deno.test("simulated drops take the actions whatever the threshold", () => {
  const { drops, alerts } = actions({
    "syscall_event_drops.simulate_drops": true,
    "syscall_event_drops.threshold": 1,
  });
  drops.take({ reported: 0n }, 0);
  drops.take({ reported: 1000n }, 1000);
  equal(alerts[0]?.fields["n_drops"], "1");
});
