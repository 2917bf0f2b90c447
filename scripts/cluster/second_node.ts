// A second node: a containerd, a kubelet and a kube-proxy of their own, in a network and a mount namespace of their own.
// In: a cluster that runs. Out: a node that is ready, with the images of the first one.
// Elsewhere: its end (down.ts).
//
// What both nodes share is the kernel: each sees the processes of both, and its kubelet has a tree of cgroups of its own.

import { makeParents } from "./cgroups.ts";
import { inside, insideNode, mustInside, mustInsideNode, startHolder } from "./host.ts";
import { commandOf, type Part } from "./parts.ts";
import { NODE, type Place, SECOND_NODE, SOCKET } from "./place.ts";
import { startPart } from "./processes.ts";
import { writeNodeSettings } from "./settings.ts";
import { loadUsualImages, until } from "./up.ts";

/** A wire between the two networks; each node knows where the other's pods are. */
function wire(holder: number): readonly string[] {
  const { ip, pods } = SECOND_NODE;
  return [
    `ip link add node2 type veth peer name node0 netns ${holder}`,
    "ip link set node2 up",
    `ip route add ${ip}/32 dev node2 src ${NODE.ip}`,
    `ip route add ${pods} via ${ip} dev node2 onlink`,
  ];
}

const FAR_END = [
  `ip addr add ${SECOND_NODE.ip}/24 dev node0`,
  "ip link set node0 up",
  `ip route add default via ${NODE.ip}`,
];

export async function startSecondNode(place: Place): Promise<void> {
  await writeNodeSettings(place, SECOND_NODE);
  makeParents(place, SECOND_NODE);
  const holder = await startHolder(place, SECOND_NODE);
  for (const line of wire(holder)) await mustInside(place, ...line.split(" "));
  for (const line of FAR_END) await mustInsideNode(place, SECOND_NODE, ...line.split(" "));
  const start = (part: Part) => startPart(place, part, commandOf(part, place));
  await start("containerd-2");
  await until(
    place,
    "containerd-2",
    "answers",
    async () => (await insideNode(place, SECOND_NODE, "ctr", "-a", SOCKET, "version")).code === 0,
  );
  await loadUsualImages(place, SECOND_NODE);
  await start("kubelet-2");
  await start("proxy-2");
  await until(place, "kubelet-2", "has a node that is ready", async () => {
    const { text } = await inside(place, "kubectl", "get", "node", SECOND_NODE.name);
    return / Ready/.test(text);
  });
}
