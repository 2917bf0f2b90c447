// Makes the cluster have what a Falco object says, and says in its status what there is.
// In: Falco objects, changes of what belongs to them. Out: objects applied, a status.
// Elsewhere: which objects (instance_objects.ts), when (run_operator.ts).

import { messageOf, numberOf, objectAt } from "../../base/mod.ts";
import { conditionsOf, type Finding } from "../api/conditions.ts";
import { KINDS } from "../api/kinds.ts";
import { metaOf, type Objects } from "../api/objects.ts";
import {
  bindingName,
  foreignBindingName,
  instanceObjects,
  type InstanceOptions,
  workloadKind,
} from "./instance_objects.ts";

export interface InstanceControllerOptions extends InstanceOptions {
  readonly objects: Objects;
  /** of falco, for the status */
  readonly version: string;
  readonly log: (text: string) => void;
}

/**
 * What nothing in a namespace can own is removed before the object goes. That of Falco's operator: whichever of the two runs
 * then lets the object go.
 */
const FINALIZER = "falco.instance.falcosecurity.dev/finalizer";

export class InstanceController {
  readonly #options: InstanceControllerOptions;

  constructor(options: InstanceControllerOptions) {
    this.#options = options;
  }

  /** @param falco as the server had it last */
  async reconcile(falco: unknown): Promise<void> {
    const { name, namespace, isGoing, finalizers } = metaOf(falco);
    const { objects, log } = this.#options;
    if (isGoing) {
      if (!finalizers.includes(FINALIZER)) return;
      for (const binding of [bindingName(namespace, name), foreignBindingName(namespace, name)]) {
        await objects.remove(KINDS.ClusterRoleBinding, "", binding);
      }
      await objects.changeFinalizers(
        KINDS.Falco,
        namespace,
        name,
        (all) => all.filter((one) => one !== FINALIZER),
      );
      log(`instance ${namespace}/${name} is gone`);
      return;
    }
    if (!finalizers.includes(FINALIZER)) {
      await objects.changeFinalizers(KINDS.Falco, namespace, name, (all) => [...all, FINALIZER]);
    }
    const reconciled = await this.#apply(falco);
    await this.#say(falco, reconciled);
    // the queue tries it again
    if (reconciled.status !== "True") throw new Error(reconciled.message);
  }

  async #apply(falco: unknown): Promise<Finding> {
    const { name, namespace } = metaOf(falco);
    const { objects, log } = this.#options;
    const kind = workloadKind(falco);
    try {
      for (const one of instanceObjects(falco, this.#options)) {
        try {
          await objects.apply(one);
        } catch (error) {
          throw new Error(`${one.kind} ${one.metadata.name}: ${messageOf(error)}`);
        }
      }
      const other = kind === "DaemonSet" ? KINDS.Deployment : KINDS.DaemonSet;
      if ((await objects.get(other, namespace, name)) !== undefined && await this.#isOurs(falco, other)) {
        await objects.remove(other, namespace, name);
        log(`instance ${namespace}/${name}: its ${other.kind} is removed, since it is a ${kind} now`);
      }
      return {
        type: "Reconciled",
        status: "True",
        reason: "ResourceUpToDate",
        message: "Resource is up to date",
      };
    } catch (error) {
      const message = messageOf(error);
      return { type: "Reconciled", status: "False", reason: "ResourceApplyError", message };
    }
  }

  /** One that somebody else has made under this name stays. */
  async #isOurs(falco: unknown, kind: typeof KINDS.DaemonSet | typeof KINDS.Deployment): Promise<boolean> {
    const { name, namespace, uid } = metaOf(falco);
    const found = await this.#options.objects.get(kind, namespace, name);
    const owners = objectAt(found, "metadata")["ownerReferences"];
    return Array.isArray(owners) && owners.some((owner) => objectAt(owner)["uid"] === uid);
  }

  async #say(falco: unknown, reconciled: Finding): Promise<void> {
    const { name, namespace, generation } = metaOf(falco);
    const { objects, version } = this.#options;
    const kind = workloadKind(falco);
    const found = await objects.get(KINDS[kind], namespace, name);
    const status = objectAt(found, "status");
    const count = (daemonSets: string, deployments: string) =>
      numberOf(status[kind === "DaemonSet" ? daemonSets : deployments]);
    const desired = kind === "DaemonSet"
      ? numberOf(status["desiredNumberScheduled"])
      : numberOf(objectAt(found, "spec")["replicas"]);
    const available = count("numberAvailable", "availableReplicas");
    const findings = [reconciled, availability(kind, found !== undefined, desired, available)];
    await objects.applyStatus({
      apiVersion: KINDS.Falco.apiVersion,
      kind: "Falco",
      metadata: { name, namespace },
      status: {
        resourceType: kind,
        version,
        desiredReplicas: desired,
        availableReplicas: available,
        unavailableReplicas: Math.max(0, desired - available),
        conditions: conditionsOf(falco, generation, findings),
      },
    });
  }
}

function availability(kind: string, isThere: boolean, desired: number, available: number): Finding {
  const type = "Available";
  if (!isThere) {
    const message = `${kind} has not been created or has been deleted`;
    return { type, status: "False", reason: `${kind}NotFound`, message };
  }
  const isAvailable = desired > 0 && available >= desired;
  return {
    type,
    status: isAvailable ? "True" : "False",
    reason: `${kind}${isAvailable ? "Available" : "Unavailable"}`,
    message: isAvailable ? `${kind} is available` : `${kind} is unavailable: ${available} of ${desired} pods`,
  };
}
