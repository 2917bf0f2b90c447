// The custom kinds' definitions, as Falco's operator has them: groups, names, fields, defaults, columns, limits.
// In: nothing. Out: CustomResourceDefinitions, small enough for a plain `kubectl apply`.
// Elsewhere: the whole bundle (bundle.ts), what is made of the objects (instance/, node/).
//
// A pod template is whatever Kubernetes takes: the API server checks it where it is used. Written out it would have a third
// of a megabyte, more than the annotation of `kubectl apply` may have.

import { ARTIFACT_GROUP, INSTANCE_GROUP, type Kind, KINDS } from "./kinds.ts";

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const whatever: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const number = (minimum?: number, maximum?: number): Schema => ({
  type: "integer",
  format: "int32",
  ...minimum === undefined ? {} : { minimum },
  ...maximum === undefined ? {} : { maximum },
});
const object = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  ...required.length > 0 ? { required } : {},
});
const list = (items: Schema): Schema => ({ type: "array", items });

const CONDITIONS: Schema = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
  items: object({
    type: { type: "string", maxLength: 316 },
    status: { type: "string", enum: ["True", "False", "Unknown"] },
    reason: { type: "string", minLength: 1, maxLength: 1024 },
    message: { type: "string", maxLength: 32_768 },
    observedGeneration: { type: "integer", format: "int64", minimum: 0 },
    lastTransitionTime: { type: "string", format: "date-time" },
  }, ["lastTransitionTime", "message", "reason", "status", "type"]),
};
const PENDING = {
  type: "Programmed",
  status: "Unknown",
  reason: "Pending",
  message: "Waiting for controller",
  lastTransitionTime: "1970-01-01T00:00:00Z",
};
const REPLICAS = {
  resourceType: text,
  version: text,
  desiredReplicas: number(),
  availableReplicas: number(),
  unavailableReplicas: number(),
  conditions: CONDITIONS,
};
const SELECTOR = object({
  matchLabels: { type: "object", additionalProperties: text },
  matchExpressions: list(object({ key: text, operator: text, values: list(text) }, ["key", "operator"])),
});
const PRIORITY = { ...number(0, 99), default: 50 };
const CONFIG_MAP = object({ name: text }, ["name"]);
const OCI = object({
  image: object({ repository: text, tag: { ...text, default: "latest" } }, ["repository"]),
  registry: {
    ...object({
      name: text,
      auth: object({ secretRef: object({ name: text }, ["name"]) }),
      plainHTTP: flag,
      tls: object({ insecureSkipVerify: flag }),
    }),
    "x-kubernetes-validations": [{
      rule: "!(has(self.plainHTTP) && self.plainHTTP && has(self.tls))",
      message: "plainHTTP and tls are mutually exclusive",
    }],
  },
}, ["image"]);
const artifactStatus = (more: Schema = {}) => ({
  ...object({ conditions: CONDITIONS, ...more }),
  default: { conditions: [PENDING] },
});

const AGE = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
const column = (name: string, jsonPath: string, type = "string") => ({ name, type, jsonPath });
const condition = (type: string) => column(type, `.status.conditions[?(@.type=='${type}')].status`);
const PRIORITY_COLUMN = column("Priority", ".spec.priority", "integer");
const REPLICA_COLUMNS = [
  column("Version", ".status.version"),
  column("Desired", ".status.desiredReplicas", "integer"),
  column("Ready", ".status.availableReplicas", "integer"),
  condition("Reconciled"),
  condition("Available"),
  AGE,
];

export function customKinds(): Schema[] {
  return [
    definition(
      KINDS.Falco,
      INSTANCE_GROUP,
      "instances",
      {
        spec: object({
          type: { ...text, enum: ["DaemonSet", "Deployment"] },
          replicas: number(1),
          version: text,
          podTemplateSpec: whatever,
          updateStrategy: whatever,
          strategy: whatever,
        }),
        status: object(REPLICAS),
      },
      [column("Type", ".status.resourceType"), ...REPLICA_COLUMNS],
      ["falco"],
    ),
    definition(KINDS.Component, INSTANCE_GROUP, "instances", {
      spec: object({
        component: object({
          type: { ...text, enum: ["metacollector", "falcosidekick", "falcosidekick-ui"] },
          version: text,
        }, ["type"]),
        replicas: { ...number(1), default: 1 },
        podTemplateSpec: whatever,
        strategy: whatever,
      }, ["component"]),
      status: object(REPLICAS),
    }, [
      column("Type", ".spec.component.type"),
      column("ResourceType", ".status.resourceType"),
      ...REPLICA_COLUMNS,
    ]),
    definition(KINDS.Rulesfile, ARTIFACT_GROUP, "artifacts", {
      spec: object({
        ociArtifact: OCI,
        inlineRules: { "x-kubernetes-preserve-unknown-fields": true },
        configMapRef: CONFIG_MAP,
        priority: PRIORITY,
        selector: SELECTOR,
      }),
      status: artifactStatus(),
    }, [PRIORITY_COLUMN, condition("Programmed"), AGE]),
    definition(KINDS.Config, ARTIFACT_GROUP, "artifacts", {
      spec: object({
        config: { "x-kubernetes-preserve-unknown-fields": true },
        configMapRef: CONFIG_MAP,
        priority: PRIORITY,
        selector: SELECTOR,
      }),
      status: artifactStatus({ observedGeneration: { type: "integer", format: "int64" } }),
    }, [PRIORITY_COLUMN, condition("Programmed"), AGE]),
    definition(KINDS.Plugin, ARTIFACT_GROUP, "artifacts", {
      spec: object({
        ociArtifact: OCI,
        config: object({
          name: text,
          libraryPath: text,
          initConfig: { "x-kubernetes-preserve-unknown-fields": true },
          openParams: text,
        }),
        selector: SELECTOR,
      }),
      status: artifactStatus(),
    }, [condition("Programmed"), AGE]),
    definition(
      KINDS.ArtifactNode,
      ARTIFACT_GROUP,
      "artifacts",
      {
        spec: object({
          nodeName: {
            ...text,
            "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "nodeName is immutable" }],
          },
        }, ["nodeName"]),
        status: artifactStatus({
          installedArtifacts: {
            type: "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["medium"],
            items: object({
              medium: { ...text, enum: ["oci", "inline", "configmap"] },
              path: text,
              priority: number(),
              contentHash: text,
              specHash: text,
              config: object({ path: text }, ["path"]),
            }, ["contentHash", "medium", "path", "priority"]),
          },
        }),
      },
      [
        column("Kind", ".metadata.labels['artifact\\.falcosecurity\\.dev/kind']"),
        column("Node", ".spec.nodeName"),
        condition("Programmed"),
        AGE,
      ],
      [],
      ["spec"],
    ),
  ];
}

function definition(
  { kind, plural }: Kind,
  group: string,
  category: string,
  properties: { readonly spec: Schema; readonly status: Schema },
  columns: readonly Schema[],
  shortNames: readonly string[] = [],
  required: readonly string[] = [],
): Schema {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        categories: [category],
        ...shortNames.length > 0 ? { shortNames } : {},
      },
      scope: "Namespaced",
      versions: [{
        name: "v1alpha1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: object({
            apiVersion: text,
            kind: text,
            metadata: { type: "object" },
            ...properties,
          }, required),
        },
        subresources: { status: {} },
        additionalPrinterColumns: columns,
      }],
    },
  };
}
