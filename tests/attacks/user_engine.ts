// A container engine of an unprivileged user, at the place where falco looks for one: a program of its own, that runs
// with that user's rights.
// In: as arguments the socket, what it does (`contradict` or a kind of `starve`), the id that it lies about. Out: a line
// when it listens, then answers in the words of Podman's API.
// Elsewhere: who starts it (stranger.ts).

import { createServer, type ServerResponse } from "node:http";

const [socket = "", mode = "contradict", id = ""] = Deno.args;
const IMAGE = "registry.example/trusted/agent:1";
const MANY = 20_000;
const CHUNK = 1 << 20;

function facts(ofId: string) {
  return {
    Id: ofId,
    Name: "trusted-agent",
    ImageName: IMAGE,
    Created: "2026-01-01T00:00:00Z",
    Config: { Labels: { a: "trusted" }, Env: ["E=1"], User: "" },
    HostConfig: { Privileged: false },
    Mounts: [],
    NetworkSettings: {},
  };
}

/** Writes for ever what `next` gives. */
function pour(response: ServerResponse, next: () => string, pauseMs = 0): void {
  const timer = setInterval(() => {
    for (let i = 0; i < 64 && !response.writableNeedDrain && !response.closed; i++) response.write(next());
    if (response.closed) clearInterval(timer);
  }, pauseMs);
}

const idOf = (at: number) => at.toString(16).padStart(64, "e");
const NESTED = "[".repeat(CHUNK);
const EMPTY_VALUES = "[{},".repeat(CHUNK / 4);
const EVENT = () =>
  JSON.stringify({
    Type: "container",
    Action: Math.random() < 0.5 ? "create" : "rename",
    Actor: {
      ID: Math.random() < 0.5 ? id : idOf(Math.trunc(Math.random() * 1e9)),
      Attributes: { name: `n${Math.random()}` },
    },
  }) + "\n";

/** Instead of an answer. */
const STARVING: Readonly<Record<string, (path: string, response: ServerResponse) => boolean>> = {
  contradict: () => false,
  many: () => false,
  large: (path, response) => {
    if (!path.includes("/containers/")) return false;
    response.write(`[{"Id":"${id}","Names":["`);
    pour(response, () => "x".repeat(CHUNK));
    return true;
  },
  nested: (path, response) => {
    if (!path.includes("/containers/")) return false;
    response.end(NESTED.repeat(14));
    return true;
  },
  values: (path, response) => {
    if (!path.includes("/containers/")) return false;
    response.end(EMPTY_VALUES.repeat(14));
    return true;
  },
  silent: (path) => /\/containers\/[^/]+\/json/.test(path) && !path.includes("/containers/json"),
  drip: (path, response) => {
    if (!path.includes("/containers/")) return false;
    pour(response, () => " ", 1);
    return true;
  },
  events: (path, response) => {
    if (!path.includes("/events")) return false;
    pour(response, EVENT);
    return true;
  },
  line: (path, response) => {
    if (!path.includes("/events")) return false;
    pour(response, () => "y".repeat(CHUNK));
    return true;
  },
};

const server = createServer((request, response) => {
  const path = (request.url ?? "").replace(/^http:\/\/[^/]*/, "");
  const json = (value: unknown, status = 200) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  if (path === "/version") {
    // a forged line of the log, too
    const Version = "9\n2026-01-01 falco: all is well\u2028\u202e";
    return json({ Version, Components: [{ Name: "Podman Engine", Version }] });
  }
  if (STARVING[mode]!(path, response)) return;
  if (/\/containers\/json/.test(path)) {
    const ids = mode === "many" ? Array.from({ length: MANY }, (_, at) => idOf(at)) : [];
    return json([id, ...ids].map((one) => ({ ...facts(one), Names: [`n-${one}`], Image: IMAGE })));
  }
  if (/\/events/.test(path)) {
    response.writeHead(200);
    return response.flushHeaders();
  }
  const asked = /\/containers\/([^/]+)\/json/.exec(path)?.[1] ?? "";
  // about another container than was asked for
  return json(facts(mode === "contradict" && !id.startsWith(asked) ? id : asked));
});
server.listen(socket, () => console.log("listens"));
