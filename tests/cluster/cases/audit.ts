// Audit events of the real API server, sent by its webhook to a receiver that our chart makes: every rule about them.
// FALCO_AUDIT_RULES: Falco's own file of rules, which then is loaded in place of ours. Nothing of it is part of this project.

import assert from "node:assert/strict";
import { parse } from "yaml";
import { AUDIT_ADDRESS } from "../audit_settings.ts";
import type { ClusterCase } from "../case.ts";
import type { ClusterLab } from "../cluster_lab.ts";
import { REQUESTS, SWITCHED_ON } from "./audit_requests.ts";
import { PROJECT } from "../../support/program.ts";

const EXAMPLE = `${PROJECT}deploy/helm/examples/audit_receiver.yaml`;
const OURS = `${PROJECT}rules/bundled/k8s_audit_rules.yaml`;
const FALCOS = Deno.env.get("FALCO_AUDIT_RULES");
/** Rules of ours for what no other rule has taken; here every rule is asked, so these are, too. */
const ASKED_LAST = ["Node joined", "Secrets listed"];

export const AUDIT: readonly ClusterCase[] = [
  {
    name: "audit",
    aim: "each rule about audit events answers a real request to the API server, ours as bundled",
    run: (lab) => everyRule(lab, OURS, undefined),
  },
  {
    name: "audit-falcos-rules",
    aim: "each rule of Falco's file answers a real request to the API server",
    refusal: () => FALCOS === undefined ? "FALCO_AUDIT_RULES names no file" : undefined,
    run: (lab) => everyRule(lab, FALCOS!, FALCOS),
  },
];

/** @param loaded a file in place of the bundled rules */
async function everyRule(lab: ClusterLab, file: string, loaded: string | undefined): Promise<string> {
  const names = (parse(await Deno.readTextFile(file)) as { rule?: string }[]).flatMap(({ rule }) =>
    rule ?? []
  )
    .filter((name) => !ASKED_LAST.includes(name));
  const asked = new Set(REQUESTS.flatMap(({ rules }) => rules));
  assert.deepEqual(names.filter((name) => !asked.has(name)), [], "rules without a request");
  await lab.install(await valuesOf(loaded));
  const table: string[] = [];
  for (const { what, rules, ask } of REQUESTS) {
    await ask(lab);
    table.push(...rules.map((rule) => `${rule} | ${what}${rule in SWITCHED_ON ? " | switched on" : ""}`));
  }
  let seen = new Set<string>();
  const missing = () => names.filter((rule) => !seen.has(rule));
  await lab.until("all alerts", async () => {
    seen = new Set((await lab.log()).flatMap((line) => /"rule":"([^"]+)"/.exec(line)?.[1] ?? []));
    return missing().length === 0;
  }, 40_000).catch(() => {});
  assert.deepEqual(missing(), [], `seen: ${[...seen].join(", ")}`);
  return `${names.length} rules, ${
    Object.keys(SWITCHED_ON).length
  } of them off by default and switched on here\n${table.map((row) => `          ${row}`).join("\n")}`;
}

async function valuesOf(loaded: string | undefined): Promise<object> {
  const values = parse(await Deno.readTextFile(EXAMPLE));
  // plain http at an address that the API server has known from its start on: no certificates before there is a cluster
  delete values.mounts;
  values.falco.plugins[0].init_config = {};
  values.falco.plugins[0].open_params = "http://:9765/k8s-audit";
  // a request may be what several rules are about
  values.falco.rule_matching = "all";
  values.services[0].clusterIP = AUDIT_ADDRESS;
  values.customRules = { "switched_on.yaml": Object.values(SWITCHED_ON).join("") };
  if (loaded !== undefined) {
    values.customRules["k8s_audit_rules.yaml"] = await Deno.readTextFile(loaded);
    values.falco.rules_files = ["/etc/falco/rules.d"];
  }
  return values;
}
