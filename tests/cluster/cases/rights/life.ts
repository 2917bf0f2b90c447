// The life of an instance and of its artifacts as the operator sees it: made, changed, said something about, deleted.
// In: a number, since several of them may be under way. Out: whether it came to its end.
//
// No falco runs: its pods find no node. A pod that only has the label stands for it, and what it would say of artifacts is
// written here.

import type { ClusterLab } from "../../cluster_lab.ts";
import { configMap, pod } from "../../objects.ts";
import { NODE } from "../../../../scripts/cluster/place.ts";

export const PEOPLE = "rights";
const INSTANCE = "instance.falcosecurity.dev/v1alpha1";
const ARTIFACT = "artifact.falcosecurity.dev/v1alpha1";
const KINDS =
  "falcos,components,rulesfiles,configs,plugins,artifactnodes,configmaps,secrets,daemonsets,deployments,services,roles,rolebindings";
const IN_USE = "artifact.falcosecurity.dev/node-objects-in-use";
const ARTIFACTS = ["Rulesfile", "Config", "Plugin"] as const;
const NOBODYS_NODE = "nowhere";
const PATIENCE_MS = 60_000;

interface Thing {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly finalizers?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message: string;
    }[];
  };
}

export class Life {
  readonly #lab: ClusterLab;
  readonly #serial: number;
  #isOver = false;

  constructor(lab: ClusterLab, serial: number) {
    this.#lab = lab;
    this.#serial = serial;
  }

  /** What all of them need. */
  static async prepare(lab: ClusterLab): Promise<void> {
    const labels = { "app.kubernetes.io/name": "falco", "app.kubernetes.io/instance": "falco" };
    await lab.apply(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: PEOPLE } },
      pod({ name: "stands-for-falco", namespace: PEOPLE, labels }),
    );
    await lab.kubectl("wait", "-n", PEOPLE, "pod/stands-for-falco", "--for=condition=Ready", "--timeout=60s");
  }

  static async clear(lab: ClusterLab): Promise<void> {
    const nodes = (await lab.tryKubectl("get", "artifactnodes", "-n", PEOPLE, "-o", "name")).text;
    for (const name of nodes.split("\n").filter((line) => line !== "")) {
      // an operator without all rights has left it
      const free = ["--type=merge", "-p", '{"metadata":{"finalizers":null}}'];
      await lab.tryKubectl("patch", "-n", PEOPLE, name, ...free);
    }
    const kinds = "artifactnodes,rulesfiles,configs,plugins,components,falcos";
    await lab.tryKubectl("delete", kinds, "--all", "-n", PEOPLE, "--timeout=60s");
    await lab.tryKubectl("delete", "namespace", PEOPLE, "--timeout=60s");
  }

  stop(): void {
    this.#isOver = true;
  }

  async live(): Promise<void> {
    const lab = this.#lab;
    await lab.apply(
      configMap(this.#name("map"), PEOPLE, { "rules.yaml": "[]" }),
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: this.#name("key"), namespace: PEOPLE },
        stringData: { username: "a", password: "b" },
      },
      this.#falco("DaemonSet"),
      this.#component(),
      this.#object(ARTIFACT, "Rulesfile", {
        configMapRef: { name: this.#name("map") },
        ociArtifact: {
          image: { repository: "rules", tag: "1" },
          registry: { name: "127.0.0.1:1", auth: { secretRef: { name: this.#name("key") } } },
        },
      }),
      this.#object(ARTIFACT, "Config", { config: { priority: "debug" } }),
      this.#object(ARTIFACT, "Plugin", {}),
    );
    await this.#until(
      "the instance is reconciled, the component answered",
      (things) =>
        this.#says(things, "Falco", "Reconciled") && this.#says(things, "Component", "Reconciled") &&
        this.#has(things, "DaemonSet") && this.#has(things, "Service") && this.#has(things, "RoleBinding"),
    );
    await this.#until(
      "what the artifact names is held",
      (things) =>
        this.#finalizers(things, "ConfigMap", "map").length > 0 &&
        this.#finalizers(things, "Secret", "key").length > 0,
    );

    await this.#sayOnNodes();
    await this.#until(
      "what nodes say is put together, and artifacts are held",
      (things) =>
        ARTIFACTS.every((kind) =>
          this.#says(things, kind, "Programmed") && this.#finalizers(things, kind, "x").includes(IN_USE)
        ) && !things.some(({ metadata }) => metadata.name === this.#nodeObject("Rulesfile", NOBODYS_NODE)),
    );

    await lab.apply(this.#falco("Deployment"));
    await this.#until(
      "it is a Deployment",
      (things) => this.#has(things, "Deployment") && !this.#has(things, "DaemonSet"),
    );
    await lab.apply(this.#falco("DaemonSet"));
    await this.#until(
      "it is a DaemonSet again",
      (things) => !this.#has(things, "Deployment") && this.#has(things, "DaemonSet"),
    );

    await lab.kubectl("delete", "artifactnodes", "-n", PEOPLE, "-l", `life=${this.#serial}`);
    for (const kind of [...ARTIFACTS, "Component", "Falco"]) {
      await lab.kubectl("delete", kind.toLowerCase(), this.#name("x"), "-n", PEOPLE, "--wait=false");
    }
    await this.#until(
      "all of it is gone, and nothing is held",
      (things) =>
        ![...ARTIFACTS, "Component", "Falco"].some((kind) => this.#has(things, kind)) &&
        this.#finalizers(things, "ConfigMap", "map").length === 0 &&
        this.#finalizers(things, "Secret", "key").length === 0,
    );
    await lab.kubectl(
      "delete",
      "configmap,secret",
      "-n",
      PEOPLE,
      this.#name("map"),
      this.#name("key"),
      "--ignore-not-found",
    );
  }

  /** Its objects go, as soon as the operator lets them. */
  async leave(): Promise<void> {
    const gone = ["--ignore-not-found", "--wait=false", "-n", PEOPLE];
    await this.#lab.tryKubectl("delete", "artifactnodes", "-l", `life=${this.#serial}`, ...gone);
    await this.#lab.tryKubectl(
      "delete",
      "rulesfiles,configs,plugins,components,falcos",
      this.#name("x"),
      ...gone,
    );
    await this.#lab.tryKubectl("delete", "configmap,secret", this.#name("map"), this.#name("key"), ...gone);
  }

  /** What the conditions of its objects say. */
  async messages(): Promise<string[]> {
    return (await this.#things()).flatMap(({ status }) => status?.conditions ?? []).map(({ message }) =>
      message
    );
  }

  #name(what: string): string {
    return `${what}${this.#serial}`;
  }

  #object(apiVersion: string, kind: string, spec: object) {
    return { apiVersion, kind, metadata: { name: this.#name("x"), namespace: PEOPLE }, spec };
  }

  /** As Falco's operator leaves it. */
  #component(): object {
    const { metadata, ...rest } = this.#object(INSTANCE, "Component", {
      component: { type: "metacollector" },
    });
    const finalizers = ["component.instance.falcosecurity.dev/finalizer"];
    return { ...rest, metadata: { ...metadata, finalizers } };
  }

  #falco(type: "DaemonSet" | "Deployment"): object {
    const nowhere = { "kubernetes.io/hostname": NOBODYS_NODE };
    return this.#object(INSTANCE, "Falco", { type, podTemplateSpec: { spec: { nodeSelector: nowhere } } });
  }

  #nodeObject(kind: string, node: string): string {
    return `${kind.toLowerCase()}--${this.#name("x")}--${node}`;
  }

  /** What falco would say on its node, and what one has said whose node is no more. */
  async #sayOnNodes(): Promise<void> {
    const things = await this.#things();
    const nodes = ARTIFACTS.flatMap((kind) => {
      const { uid } = this.#find(things, kind, "x")!.metadata;
      return (kind === "Rulesfile" ? [NODE.name, NOBODYS_NODE] : [NODE.name]).map((node) => ({
        apiVersion: ARTIFACT,
        kind: "ArtifactNode",
        metadata: {
          name: this.#nodeObject(kind, node),
          namespace: PEOPLE,
          labels: {
            life: String(this.#serial),
            "artifact.falcosecurity.dev/parent": this.#name("x"),
            "artifact.falcosecurity.dev/node": node,
            "artifact.falcosecurity.dev/kind": kind.toLowerCase(),
          },
          // as older releases of Falco's operator left them
          ...node === NOBODYS_NODE ? { finalizers: [`artifact.falcosecurity.dev/of-${node}`] } : {},
          ownerReferences: [{ apiVersion: ARTIFACT, kind, name: this.#name("x"), uid }],
        },
        spec: { nodeName: node },
      }));
    });
    await this.#lab.apply(...nodes);
  }

  async #things(): Promise<Thing[]> {
    const { code, text } = await this.#lab.tryKubectl("get", KINDS, "-n", PEOPLE, "-o", "json");
    return code === 0 ? JSON.parse(text).items : [];
  }

  #find(things: readonly Thing[], kind: string, what: string): Thing | undefined {
    return things.find((one) => one.kind === kind && one.metadata.name === this.#name(what));
  }

  #has(things: readonly Thing[], kind: string): boolean {
    return this.#find(things, kind, "x") !== undefined;
  }

  #says(things: readonly Thing[], kind: string, type: string): boolean {
    const conditions = this.#find(things, kind, "x")?.status?.conditions ?? [];
    return conditions.some((one) => one.type === type && (kind !== "Falco" || one.status === "True"));
  }

  #finalizers(things: readonly Thing[], kind: string, what: string): readonly string[] {
    return this.#find(things, kind, what)?.metadata.finalizers ?? [];
  }

  async #until(what: string, isTrue: (things: readonly Thing[]) => boolean): Promise<void> {
    await this.#lab.until(what, async () => this.#isOver || isTrue(await this.#things()), PATIENCE_MS);
    if (this.#isOver) throw new Error(`given up before: ${what}`);
  }
}
