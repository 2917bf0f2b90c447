// Rights taken away one at a time: each verb on each resource is a line of its own.
// In: the rules of a role; FALCO_CLUSTER_RESOURCES: only lines about these. Out: for each line its name, and the rules without it.
// Elsewhere: who needs them (metadata.ts, operator.ts, instance.ts).

const ONLY = Deno.env.get("FALCO_CLUSTER_RESOURCES")?.split(",");

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface Line {
  readonly verb: string;
  readonly resource: string;
  /** of its role, all but this one */
  readonly others: readonly Rule[];
}

export function linesOf(rules: readonly Rule[]): Line[] {
  const single = rules.flatMap((rule) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.map((verb) => ({ ...plain(rule), resources: [resource], verbs: [verb] }))
    )
  );
  return single.map((one) => ({
    verb: one.verbs[0]!,
    resource: one.resources[0]!,
    others: single.filter((other) => other !== one),
  }));
}

export function isAsked(resource: string): boolean {
  return ONLY?.includes(resource) ?? true;
}

/** Without what is for readers. */
function plain({ apiGroups, resources, verbs, resourceNames }: Rule): Rule {
  return { apiGroups, resources, verbs, ...resourceNames === undefined ? {} : { resourceNames } };
}

export function roleOf(
  kind: "ClusterRole" | "Role",
  name: string,
  rules: readonly Rule[],
  namespace?: string,
) {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    metadata: { name, ...namespace === undefined ? {} : { namespace } },
    rules: rules.map(plain),
  };
}

/** What lines were for, in one figure: `get x, y: what it said`. */
export function tableOf(rows: readonly { readonly line: Line; readonly said: string }[]): string {
  return rows.map(({ line, said }) => `\n          without ${line.verb} ${line.resource}: ${said}`).join("");
}
