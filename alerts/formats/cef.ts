// An alert in the Common Event Format (version 0 of the standard), one line of text.
// In: an alert. Out: `CEF:0|Falco|falco|VERSION|RULE|RULE|SEVERITY|key=value …`.
// Fields that CEF has no key for get one of ours, as its rules for custom keys want it: falcoProcTty for proc.tty.
// Elsewhere: the header of syslog in front of it (outputs/sinks/).

import { alertId } from "../alert_id.ts";
import { type Priority, sanitize } from "../../base/mod.ts";
import type { OutgoingAlert } from "../alert_facts.ts";
import { readConnection, readFilePath } from "./activity.ts";
import { AlertFields } from "./alert_fields.ts";
import { PRODUCT, PRODUCT_VERSION, VENDOR } from "./product.ts";

/** 0–3 low, 4–6 medium, 7–8 high, 9–10 very high. */
const SEVERITIES: Readonly<Record<Priority, number>> = {
  Emergency: 10,
  Alert: 9,
  Critical: 8,
  Error: 7,
  Warning: 6,
  Notice: 4,
  Informational: 2,
  Debug: 0,
};

const NS_PER_MS = 1_000_000n;

/** Keys of CEF's dictionary, where the acting process and its user are the source. */
const KEYS: readonly (readonly [key: string, form: "text" | "count", field: string])[] = [
  ["sproc", "text", "proc.name"],
  ["spid", "count", "proc.pid"],
  ["suser", "text", "user.name"],
  ["suid", "text", "user.uid"],
  ["act", "text", "evt.type"],
  ["outcome", "text", "evt.res"],
];

/** Custom texts of the dictionary, each with what its label says. There are six; the last is for tags. */
const LABELLED: readonly (readonly [label: string, field: string])[] = [
  ["Command line", "proc.cmdline"],
  ["Parent process", "proc.pname"],
  ["Container id", "container.id"],
  ["Container image", "container.image.repository"],
  ["Pod", "k8s.pod.name"],
];

export function cefFormat(alert: OutgoingAlert): string {
  const fields = new AlertFields(alert);
  fields.drop("evt.time", "evt.time.iso8601");
  const header = [VENDOR, PRODUCT, PRODUCT_VERSION, alert.rule, alert.rule].map(headerText);
  const extension = new Map<string, string>();
  const put = (key: string, value: string | number | undefined) => {
    if (value !== undefined && !extension.has(key)) extension.set(key, String(value));
  };

  put("rt", String(alert.timeNs / NS_PER_MS));
  put("externalId", alertId(alert));
  put("dvchost", alert.hostname);
  put("cat", alert.source);
  put("msg", alert.message);
  for (const [key, form, field] of KEYS) {
    put(key, form === "count" ? fields.count(field) : fields.text(field));
  }
  const connection = readConnection(fields);
  put("src", connection?.source.ip);
  put("spt", connection?.source.port);
  put("dst", connection?.destination.ip);
  put("dpt", connection?.destination.port);
  put("proto", connection?.transport);
  const path = readFilePath(fields);
  put("filePath", path);
  put("fname", path?.slice(path.lastIndexOf("/") + 1) || undefined);
  putLabelled(put, fields, alert.tags);
  for (const [key, value] of Object.entries(fields.rest())) {
    putCustom(extension, key, typeof value === "string" ? value : JSON.stringify(value));
  }

  const pairs = [...extension].map(([key, value]) => `${key}=${extensionText(value)}`);
  return `CEF:0|${header.join("|")}|${SEVERITIES[alert.priority]}|${pairs.join(" ")}`;
}

function putLabelled(
  put: (key: string, value: string | undefined) => void,
  fields: AlertFields,
  tags: readonly string[],
): void {
  const texts: [label: string, value: string][] = [];
  for (const [label, field] of LABELLED) {
    const value = fields.text(field);
    if (value !== undefined) texts.push([label, value]);
  }
  if (tags.length > 0) texts.push(["Tags", tags.join(",")]);
  texts.forEach(([label, value], index) => {
    put(`cs${index + 1}Label`, label);
    put(`cs${index + 1}`, value);
  });
}

/** `proc.aname[2]` → falcoProcAname2; a name that is taken already gets a number. */
function putCustom(extension: Map<string, string>, field: string, value: string): void {
  const words = field.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const name = "falco" + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
  let key = name;
  for (let number = 2; extension.has(key); number++) key = `${name}_${number}`;
  extension.set(key, value);
}

/** In the header `|` ends a part; a line break has no form at all there. */
function headerText(text: string): string {
  return sanitize(text.replace(/[\t\n\v\f\r]+/g, " ")).replace(/[\\|]/g, "\\$&");
}

/** In the extension `=` ends a key; line breaks have a form. */
function extensionText(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => sanitize(line.replace(/\t/g, " ")).replace(/[\\=]/g, "\\$&"))
    .join("\\n");
}
