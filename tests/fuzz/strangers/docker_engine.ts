// Container engines that speak HTTP on a socket: Docker's and a user's Podman.

import { fakeContainer } from "../../metadata/containers/fake_docker.ts";
import { HostileServer } from "../hostile_server.ts";
import type { Stranger } from "../stranger.ts";

export default {
  name: "engines over HTTP",
  prepare({ folder, random }) {
    const chance = random.fork("docker");
    const serve = (path: string) =>
      new HostileServer({ transport: "unix", path }, chance, (asked) => goodAnswer(asked));
    const goodAnswer = (asked: string): unknown => {
      if (asked.endsWith("/version")) return { Version: "27.0", Components: [{ Name: "Engine" }] };
      if (asked.includes("/containers/json")) {
        return Array.from({ length: chance.pick([0, 3, 200]) }, () => fakeContainer(chance.below(1 << 30)));
      }
      if (asked.includes("/events")) {
        return {
          Type: "container",
          Action: "start",
          Actor: { ID: chance.hex(64), Attributes: { name: "n" } },
          time: 1,
        };
      }
      if (asked.includes("/images/")) {
        return { Id: "sha256:abc", RepoTags: ["shop/web:1.0"], RepoDigests: [] };
      }
      return fakeContainer(chance.below(1 << 30), { Id: /containers\/([^/]+)/.exec(asked)?.[1] ?? "" });
    };
    const servers = [serve(`${folder}/docker.sock`), serve(`${folder}/podman.sock`)];
    return {
      settings: { engines: { docker: [`${folder}/docker.sock`], podman: [`${folder}/podman.sock`] } },
      start: () => {},
      counts: () => sum(servers.map(({ counts }) => counts)),
      stop: () => servers.forEach((server) => server.stop()),
    };
  },
} satisfies Stranger;

function sum(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  }
  return total;
}
