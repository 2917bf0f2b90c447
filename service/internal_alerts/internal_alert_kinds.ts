// Every internal alert there is, each made from what it tells. Those that Falco has too are its, word for word: programs
// look for them. Each has fields: falcosidekick refuses alerts without.
// Elsewhere: how they are written (internal_alerts.ts).

import { timeOfDay } from "../../alerts/mod.ts";
import type { InternalAlert, InternalValue } from "./internal_alerts.ts";

const PREFIX = "Falco internal: ";
/** The log has all of them. */
const MAX_REASONS = 10;

export const INTERNAL_ALERTS = {
  syscallEventDrop(drops: bigint, fields: Readonly<Record<string, string>>): InternalAlert {
    const rule = `${PREFIX}syscall event drop`;
    return {
      rule,
      priority: "Debug",
      message: `${rule}. ${drops} system calls dropped in last second.`,
      fields,
    };
  },

  /** @param lastEventNs when an event was seen last; undefined: never */
  timeouts(maxConsecutives: number, lastEventNs: bigint | undefined): InternalAlert {
    const rule = `${PREFIX}timeouts notification`;
    return {
      rule,
      priority: "Debug",
      message: `${rule}. ${maxConsecutives} consecutive timeouts without event.`,
      fields: { "last_event_time": lastEventNs === undefined ? "none" : timeOfDay(lastEventNs) },
    };
  },

  metricsSnapshot(fields: Readonly<Record<string, InternalValue>>): InternalAlert {
    return {
      rule: `${PREFIX}metrics snapshot`,
      priority: "Informational",
      message: "Falco metrics snapshot",
      fields,
    };
  },

  captureSizeLimit(maxFileSizeMb: number, writtenBytes: number): InternalAlert {
    const rule = `${PREFIX}capture size limit reached`;
    return {
      rule,
      priority: "Informational",
      message: `${rule}. Configured limit: ${maxFileSizeMb} MB.`,
      fields: { "max_file_size_mb": maxFileSizeMb, "written_bytes": writtenBytes },
    };
  },

  reloadFailure(reason: string): InternalAlert {
    const rule = `${PREFIX}hot restart failure`;
    return { rule, priority: "Critical", message: `${rule}: ${reason}`, fields: { "reason": reason } };
  },

  /** Not one of Falco's, which does not start. */
  degraded(reasons: readonly string[]): InternalAlert {
    const rule = `${PREFIX}degraded`;
    const more = reasons.length - MAX_REASONS;
    const told = reasons.slice(0, MAX_REASONS).join(" | ") + (more > 0 ? ` | and ${more} more` : "");
    return {
      rule,
      priority: "Critical",
      message: `${rule}. falco runs without what is wrong in its configuration: ${told}`,
      fields: { "faults": reasons.length, "reasons": told },
    };
  },

  /** Not one of Falco's, which has no bounds here. */
  containersCrowded(reason: string, count: bigint): InternalAlert {
    const rule = `${PREFIX}containers crowded`;
    return { rule, priority: "Warning", message: `${rule}: ${reason}.`, fields: { "containers": count } };
  },

  /** Not one of Falco's, which reports names of other processes without a word. */
  foreignHost(reason: string): InternalAlert {
    const rule = `${PREFIX}processes of another host`;
    return { rule, priority: "Critical", message: `${rule}. ${reason}`, fields: { "reason": reason } };
  },

  /** Not one of Falco's, which refuses the whole request. */
  eventSetAside(source: string, reason: string): InternalAlert {
    const rule = `${PREFIX}event not evaluated`;
    return {
      rule,
      priority: "Warning",
      message: `${rule}. An event of the source ${source} could not be evaluated: ${reason}.`,
      fields: { "source": source, "reason": reason },
    };
  },

  watchdog(reason: string): InternalAlert {
    const rule = `${PREFIX}watchdog`;
    return {
      rule,
      priority: "Critical",
      message: `${rule}: ${reason}; falco ends and is to be restarted`,
      fields: { "reason": reason },
    };
  },

  unexpectedFailure(reason: string): InternalAlert {
    const rule = `${PREFIX}unexpected failure`;
    return { rule, priority: "Critical", message: `${rule}: ${reason}`, fields: { "reason": reason } };
  },
} as const;
