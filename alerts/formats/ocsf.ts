// An alert as a Detection Finding (class 2004) of the Open Cybersecurity Schema Framework 1.5, one JSON object in one
// line.
// In: an alert. Out: the line. What has no attribute in OCSF is under `unmapped` with Falco's names.
// Elsewhere: the evidence, which is most of it (ocsf_evidence.ts).

import { alertId } from "../alert_id.ts";
import { jsonLine, type Priority } from "../../base/mod.ts";
import type { OutgoingAlert } from "../alert_facts.ts";
import { isEmpty } from "./activity.ts";
import { AlertFields } from "./alert_fields.ts";
import { readMitre } from "./mitre.ts";
import { readEvidence } from "./ocsf_evidence.ts";
import { PRODUCT, PRODUCT_VERSION, VENDOR } from "./product.ts";

const SCHEMA_VERSION = "1.5.0";
const CATEGORY_FINDINGS = 2;
const CLASS_DETECTION_FINDING = 2004;
const ACTIVITY_CREATE = 1;
const STATUS_NEW = 1;
const ANALYTIC_RULE = 1;
const DEVICE_UNKNOWN = 0;
const OS_LINUX = 200;
const NS_PER_MS = 1_000_000n;

const SEVERITIES: Readonly<Record<Priority, readonly [id: number, name: string]>> = {
  Emergency: [6, "Fatal"],
  Alert: [5, "Critical"],
  Critical: [5, "Critical"],
  Error: [4, "High"],
  Warning: [3, "Medium"],
  Notice: [2, "Low"],
  Informational: [1, "Informational"],
  Debug: [1, "Informational"],
};

export function ocsfFormat(alert: OutgoingAlert): string {
  const fields = new AlertFields(alert);
  fields.drop("evt.time", "evt.time.iso8601");
  const [severityId, severity] = SEVERITIES[alert.priority];
  const time = Number(alert.timeNs / NS_PER_MS);
  const uid = alertId(alert);
  const evidence = readEvidence(fields);
  const attacks = readAttacks(alert.tags);

  return jsonLine({
    activity_id: ACTIVITY_CREATE,
    activity_name: "Create",
    category_uid: CATEGORY_FINDINGS,
    category_name: "Findings",
    class_uid: CLASS_DETECTION_FINDING,
    class_name: "Detection Finding",
    type_uid: CLASS_DETECTION_FINDING * 100 + ACTIVITY_CREATE,
    type_name: "Detection Finding: Create",
    time,
    severity_id: severityId,
    severity,
    status_id: STATUS_NEW,
    status: "New",
    is_alert: true,
    message: alert.message,
    metadata: {
      version: SCHEMA_VERSION,
      uid,
      product: { name: PRODUCT, vendor_name: VENDOR, version: PRODUCT_VERSION },
      event_code: alert.rule,
      log_name: alert.source,
      log_level: alert.priority,
      ...(alert.tags.length === 0 ? {} : { labels: alert.tags }),
      original_time: String(alert.timeNs),
    },
    finding_info: {
      uid,
      title: alert.rule,
      desc: alert.text,
      created_time: time,
      analytic: { name: alert.rule, type_id: ANALYTIC_RULE, type: "Rule" },
      data_sources: [alert.source],
      ...(attacks.length === 0 ? {} : { attacks }),
    },
    device: {
      hostname: alert.hostname,
      type_id: DEVICE_UNKNOWN,
      os: { name: "Linux", type_id: OS_LINUX },
    },
    ...(isEmpty(evidence) ? {} : { evidences: [evidence] }),
    unmapped: fields.rest(),
  });
}

/** A tactic and the techniques that belong to it cannot be told from tags: each is alone. */
function readAttacks(tags: readonly string[]): object[] {
  const { tactics, techniques } = readMitre(tags);
  return [
    ...tactics.map(({ id, name }) => ({ tactic: { uid: id, name } })),
    ...techniques.map(({ id, subId }) => ({
      technique: { uid: id },
      ...(subId === undefined ? {} : { sub_technique: { uid: subId } }),
    })),
  ];
}
