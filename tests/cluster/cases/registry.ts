// Images that the node pulls from a registry: names and digests as the registry has them, an image that comes late, a secret.

import assert from "node:assert/strict";
import { GUARDED_REGISTRY, PULLER, REGISTRY } from "../../../scripts/cluster/place.ts";
import { makeBusybox } from "../../../scripts/cluster/images.ts";
import { loadImage } from "../../../scripts/cluster/up.ts";
import type { ClusterCase } from "../case.ts";
import type { ClusterLab } from "../cluster_lab.ts";
import { pod, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const VALUES = { falco: { json_output: true }, customRules: { "programs.yaml": PROGRAM_RULES } };
const OPEN = `${REGISTRY}/team/sub/busybox`;
const GUARDED = `${GUARDED_REGISTRY}/private/busybox`;

export const REGISTRIES: readonly ClusterCase[] = [
  {
    name: "registry",
    aim:
      "pods whose image is pulled by tag, by digest, with a secret, or comes only later: first alerts name it whole",
    run: async (lab) => {
      await lab.install(VALUES);
      const byTag = await push(lab, `${OPEN}:v1.2`);
      const byDigest = await push(lab, `${OPEN}:digest`);
      const guarded = await push(lab, `${GUARDED}:1`);
      await lab.kubectl(
        ...["create", "secret", "docker-registry", "pulls", `--docker-server=${GUARDED_REGISTRY}`],
        ...[`--docker-username=${PULLER.user}`, `--docker-password=${PULLER.password}`],
      );
      try {
        await lab.apply(
          pod({ name: "by-tag", image: `${OPEN}:v1.2` }),
          pod({ name: "by-digest", image: `${OPEN}@${byDigest}` }),
          pod({ name: "with-secret", image: `${GUARDED}:1`, pullSecret: "pulls" }),
          pod({ name: "without-secret", image: `${GUARDED}:2` }),
          pod({ name: "late", image: `${OPEN}:late` }),
        );
        assert.deepEqual(await firstImage(lab, "by-tag"), [OPEN, "v1.2", byTag]);
        assert.deepEqual(await firstImage(lab, "by-digest"), [OPEN, "", byDigest]);
        assert.deepEqual(await firstImage(lab, "with-secret"), [GUARDED, "1", guarded]);
        for (const name of ["late", "without-secret"]) {
          await lab.until(`${name} waits`, () => waits(lab, name));
        }
        const late = await push(lab, `${OPEN}:late`);
        assert.deepEqual(await firstImage(lab, "late"), [OPEN, "late", late]);
      } finally {
        await lab.delete("secret", "pulls");
      }
      return "by tag, by digest, with a secret; ErrImagePull without one; an image that came later";
    },
  },
];

/**
 * An image of its own under this name, which the node has not: it has to pull.
 * @returns its digest
 */
async function push(lab: ClusterLab, name: string): Promise<string> {
  const images = (...args: string[]) => lab.ctr("-n", "k8s.io", "images", ...args);
  return await lab.withFolder(async (folder) => {
    await makeBusybox(`${folder}/image.tar`, name, crypto.randomUUID());
    await loadImage(lab.place, `${folder}/image.tar`);
    const digest = (await images("ls", `name==${name}`)).match(/sha256:\w+/)![0];
    await images("push", "--plain-http", "--user", `${PULLER.user}:${PULLER.password}`, name);
    await images("rm", "--sync", name);
    return digest;
  });
}

async function waits(lab: ClusterLab, name: string): Promise<boolean> {
  const path = "jsonpath={.status.containerStatuses[0].state.waiting.reason}";
  return /ErrImagePull|ImagePullBackOff/.test(await lab.kubectl("get", "pod", name, "-o", path));
}

async function firstImage(lab: ClusterLab, name: string): Promise<unknown[]> {
  let image: unknown[] = [];
  await lab.until(`an alert of ${name}`, async () => {
    const alert = (await lab.alerts(PROGRAM_RULE)).find(({ output_fields: fields }) =>
      fields["k8s.pod.name"] === name && fields["container.name"] === "main"
    );
    if (alert === undefined) return false;
    image = ["repository", "tag", "digest"].map((what) => alert.output_fields[`container.image.${what}`]);
    return true;
  });
  return image;
}
