// Falco's own rules and recorded audit events, which are not part of this project: a folder with `rules/` and
// `k8s_audit/`, named by FALCO_UPSTREAM. Tests that need it say so where it is not there.

const FOLDER = Deno.env.get("FALCO_UPSTREAM") ?? new URL("../../../shared/falco", import.meta.url).pathname;

export const UPSTREAM_FOLDER = `${FOLDER.replace(/\/+$/, "")}/`;

/** Why tests with upstream's files are skipped; undefined when they are there. */
export const upstreamMissing: string | undefined = (() => {
  try {
    Deno.statSync(`${UPSTREAM_FOLDER}rules/falco_rules.yaml`);
    return undefined;
  } catch {
    return "FALCO_UPSTREAM names no folder with upstream's rules/falco_rules.yaml";
  }
})();

export function upstreamRules(file: string): string {
  return `${UPSTREAM_FOLDER}rules/${file}`;
}
