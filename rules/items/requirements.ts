// What a rules file requires of the engine and of plugins, and whether it is met.
// In: the items required_engine_version and required_plugin_versions. Out: requirements, and diagnostics for those
// that are not met. What Falco has in the plugins container, json, k8saudit and k8smeta is built in here.

import { didYouMean, ENGINE_VERSION, PLUGIN_VERSIONS, type Version } from "../../base/mod.ts";
import type { Report } from "../diagnostics/diagnostic.ts";
import type { Span } from "../text/span.ts";
import { MapReader, short, unsignedOf } from "../yaml/decode.ts";
import { describeNode, firstOf, type YamlNode } from "../yaml/nodes.ts";

export interface RawVersion {
  readonly kind: "engine version";
  readonly version: Version;
  readonly span: Span;
}

/** One entry of required_plugin_versions: met by any of the alternatives. */
export interface RawPlugin {
  readonly kind: "plugin version";
  readonly alternatives: readonly { readonly name: string; readonly version: Version }[];
  readonly span: Span;
}

export function checkEngineVersion(item: RawVersion, report: Report): void {
  if (isMet(ENGINE_VERSION, item.version)) return;
  report.add("engine-version", item.span, `the rules need engine version ${item.version.join(".")}`, {
    notes: [`This engine has version ${ENGINE_VERSION.join(".")}.`],
  });
}

export function checkPluginVersion(item: RawPlugin, report: Report): void {
  const met = item.alternatives.some(({ name, version }) => {
    const present = PLUGIN_VERSIONS.get(name);
    return present !== undefined && isMet(present, version);
  });
  if (met) return;
  const wanted = item.alternatives.map(({ name, version }) => `${name} ${version.join(".")}`).join(" or ");
  const built = [...PLUGIN_VERSIONS].map(([name, version]) => `${name} ${version.join(".")}`).join(", ");
  report.add("plugin-version", item.span, `the rules need the plugin ${wanted}`, {
    notes: [`Built in are ${built}.`],
    hint: didYouMean(item.alternatives[0]!.name, PLUGIN_VERSIONS.keys()),
  });
}

export function isNewer(version: Version, than: Version): boolean {
  const at = version.findIndex((part, index) => part !== than[index]);
  return at >= 0 && version[at]! > than[at]!;
}

/** The same major version, and not older. */
function isMet(present: Version, wanted: Version): boolean {
  if (present[0] !== wanted[0]) return false;
  return present[1] > wanted[1] || (present[1] === wanted[1] && present[2] >= wanted[2]);
}

export function readEngineVersion(reader: MapReader): RawVersion | undefined {
  reader.unknownKeys(["required_engine_version"]);
  const scalar = reader.scalar("required_engine_version");
  if (scalar === undefined) return undefined;
  const minor = unsignedOf(scalar.value);
  const version = minor === undefined ? parseVersion(scalar.value) : ([0, minor, 0] as const);
  if (version !== undefined) return { kind: "engine version", version, span: scalar.span };
  return reader.fail(
    "invalid-version",
    scalar.span,
    `\`${short(scalar.value)}\` is neither a number nor a version`,
    {
      hint: "write it as three numbers: `0.50.0`",
    },
  );
}

export function readPluginVersions(reader: MapReader): RawPlugin[] {
  reader.unknownKeys(["required_plugin_versions"]);
  const made: RawPlugin[] = [];
  for (const node of reader.sequence("required_plugin_versions", true)?.items ?? []) {
    const alternatives: { name: string; version: Version }[] = [];
    if (!readPlugin(node, "a required plugin", reader, alternatives)) continue;
    const more = node.kind === "map" ? node.entries.get("alternatives")?.value : undefined;
    if (more !== undefined && more.kind !== "sequence") {
      reader.fail(
        "wrong-type",
        more.span,
        `\`alternatives\` has to be a sequence, not ${describeNode(more)}`,
      );
      continue;
    }
    const good = (more?.items ?? []).every((n) =>
      readPlugin(n, "an alternative plugin", reader, alternatives)
    );
    if (good) made.push({ kind: "plugin version", alternatives, span: firstOf(node) });
  }
  return made;
}

function readPlugin(
  node: YamlNode,
  what: string,
  parent: MapReader,
  into: { name: string; version: Version }[],
) {
  if (node.kind !== "map") {
    parent.fail("wrong-type", node.span, `${what} has to be a mapping with name and version`);
    return false;
  }
  const reader = new MapReader(node, what, parent.report, parent.budget);
  const name = reader.scalar("name");
  const version = reader.scalar("version");
  if (name === undefined || version === undefined) return false;
  const parsed = parseVersion(version.value);
  if (parsed === undefined) {
    reader.fail("invalid-version", version.span, `\`${short(version.value)}\` is not a version`, {
      hint: "write it as three numbers: `0.4.0`",
    });
    return false;
  }
  if (into.some((other) => other.name === name.value)) {
    reader.fail(
      "plugin-version",
      name.span,
      `the plugin \`${short(name.value)}\` is required twice in one entry`,
    );
    return false;
  }
  into.push({ name: name.value, version: parsed });
  return true;
}

/** Three numbers; what follows them (`-rc1`) is not looked at. */
function parseVersion(text: string): Version | undefined {
  const match = /^\s*(\d{1,9})\.(\d{1,9})\.(\d{1,9})/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}
