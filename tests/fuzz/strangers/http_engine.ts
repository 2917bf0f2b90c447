// Container engines that speak HTTP on a socket: Docker's, which are root's, and a user's Podman.

import { fakeContainer } from "../../metadata/containers/fake_docker.ts";
import { asUser } from "../as_user.ts";
import { EndlessLines, HostileServer } from "../hostile_server.ts";
import { hostileText } from "../hostile_text.ts";
import { type Stranger, sum } from "../stranger.ts";

const DOCKERS = 2;

export default {
  name: "engines over HTTP",
  prepare({ folder, random, user }) {
    const good = (asked: string): unknown => {
      if (asked.endsWith("/version")) {
        const Name = asked.includes("libpod") || asked === "/version" ? "Podman Engine" : "Engine";
        const Version = random.chance(0.8) ? "27.0" : hostileText(random).slice(0, 300);
        return { Version, Components: [{ Name, Version, Details: { APIVersion: "5.0.0" } }] };
      }
      if (asked.includes("/containers/json")) {
        return Array.from(
          { length: random.pick([0, 3, 200, 5000]) },
          () => fakeContainer(random.below(1 << 30)),
        );
      }
      if (asked.includes("/events")) {
        return new EndlessLines(() => ({
          Type: "container",
          Action: random.pick(["create", "start", "rename", "remove", "destroy", "die"]),
          Actor: {
            ID: random.hex(64),
            Attributes: { name: hostileText(random).slice(0, 200), image: "i:1" },
          },
          time: 1,
        }));
      }
      if (asked.includes("/images/")) {
        return { Id: "sha256:abc", RepoTags: ["shop/web:1.0"], RepoDigests: [] };
      }
      const Id = random.chance(0.9) ? /containers\/([^/]+)/.exec(asked)?.[1] ?? "" : random.hex(64);
      return fakeContainer(random.below(1 << 30), { Id: Id.padEnd(64, "0") });
    };
    const paths = Array.from({ length: DOCKERS }, (_, at) => `${folder}/docker-${at}.sock`);
    const ofUser = `/run/user/${user}/podman/podman.sock`;
    const serve = (path: string) => new HostileServer({ transport: "unix", path }, random.fork(path), good);
    const servers = [...paths.map(serve), asUser(user, () => serve(ofUser))];
    return {
      settings: { engines: { docker: paths } },
      start: () => {},
      counts: () => ({
        ...sum(servers.slice(0, DOCKERS).map(({ counts }) => counts)),
        ...Object.fromEntries(
          Object.entries(servers[DOCKERS]!.counts).map(([how, n]) => [`user's: ${how}`, n]),
        ),
      }),
      stop: () => servers.forEach((server) => server.stop()),
    };
  },
} satisfies Stranger;
