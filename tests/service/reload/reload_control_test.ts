// The socket at which a reload can be asked for: what it answers, and where falco makes one and where not.

import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { join } from "node:path";
import { defaultSettings, type Settings } from "../../../config/settings.ts";
import { ReloadControl } from "../../../service/reload/reload_control.ts";
import { ReloadState } from "../../../service/reload/reload_state.ts";

const isRoot = Deno.uid() === 0;
const NOBODY = 65534;

class Subject {
  readonly folder = Deno.makeTempDirSync();
  readonly socket = join(this.folder, "control.sock");
  readonly log: string[] = [];
  readonly asked: string[] = [];
  readonly reloads = new ReloadState();
  isEnding = false;
  settings: Settings = {
    ...defaultSettings(),
    "reload_control.enabled": true,
    "reload_control.socket": this.socket,
  };
  #control: ReloadControl | undefined;

  async start(path = this.socket): Promise<void> {
    this.settings = { ...this.settings, "reload_control.socket": path };
    // deno-lint-ignore no-this-alias
    const it = this;
    this.#control = await ReloadControl.start({
      get settings() {
        return it.settings;
      },
      log: (level, message) => it.log.push(`${level} ${message}`),
      reloads: this.reloads,
      requestReload: (why) => {
        if (!it.isEnding) it.asked.push(why);
        return !it.isEnding;
      },
    });
  }

  async reload(settings: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    await this.#control?.reloaded();
  }

  async stop(): Promise<void> {
    await this.#control?.close();
  }

  async ask(request: string, path = this.socket): Promise<string> {
    using connection = await Deno.connect({ transport: "unix", path });
    await connection.write(new TextEncoder().encode(request));
    return await new Response(connection.readable).text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function head(method: string, path: string, more = ""): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
}

function bodyOf(answer: string) {
  return JSON.parse(answer.split("\r\n\r\n")[1]!);
}

Deno.test("GET tells how far reloads have come and asks for none", async () => {
  await using subject = new Subject();
  await subject.start();
  subject.reloads.applied(subject.reloads.begin());
  const answer = await subject.ask(head("GET", "/reload"));
  match(answer, /^HTTP\/1\.1 200 /);
  match(answer, /cache-control: no-store/i);
  deepEqual(bodyOf(answer), {
    applied_generation: 1,
    instance_id: subject.reloads.instanceId,
    ready: true,
    rejected_generation: 0,
    started_generation: 1,
  });
  deepEqual(subject.asked, []);
});

Deno.test("POST asks for a reload and says what to compare later states with", async () => {
  await using subject = new Subject();
  await subject.start();
  subject.reloads.applied(subject.reloads.begin());
  const answer = await subject.ask(head("POST", "/reload", "Content-Length: 0\r\n"));
  match(answer, /^HTTP\/1\.1 202 /);
  match(answer, /location: \/reload\r/i);
  deepEqual(bodyOf(answer), { instance_id: subject.reloads.instanceId, started_generation: 1 });
  deepEqual(subject.asked, [`asked for at ${subject.socket}`]);
  subject.isEnding = true;
  match(await subject.ask(head("POST", "/reload")), /^HTTP\/1\.1 503 /);
});

Deno.test("a body, a query, another method or another path asks for nothing", async () => {
  await using subject = new Subject();
  await subject.start();
  const cases: [request: string, status: number][] = [
    [head("POST", "/reload", "Content-Length: 2\r\n") + "{}", 400],
    [head("POST", "/reload", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400],
    [head("POST", "/reload", "Content-Length: 65536\r\n"), 413],
    [head("POST", "/reload?force=true"), 400],
    [head("POST", "/reload?"), 400],
    [head("PUT", "/reload"), 405],
    [head("DELETE", "/reload"), 405],
    [head("POST", "/reload/"), 404],
    [head("POST", "/-/reload"), 404],
    [head("GET", "/versions"), 404],
  ];
  for (const [request, status] of cases) {
    match(await subject.ask(request), new RegExp(`^HTTP/1\\.1 ${status} `), request);
  }
  deepEqual(subject.asked, []);
});

Deno.test("the socket is falco's user's alone, in a folder that is made where there is none", async () => {
  await using subject = new Subject();
  const path = join(subject.folder, "private/control.sock");
  await subject.start(path);
  equal(Deno.lstatSync(path).mode! & 0o777, 0o600);
  equal(Deno.lstatSync(join(subject.folder, "private")).mode! & 0o777, 0o700);
  deepEqual([...Deno.readDirSync(join(subject.folder, "private"))].map(({ name }) => name), ["control.sock"]);
  await subject.stop();
  throws(() => Deno.lstatSync(path), Deno.errors.NotFound);
});

Deno.test({
  name: "where the folder has a group of its own, that group may reload",
  ignore: !isRoot,
  async fn() {
    await using subject = new Subject();
    Deno.chownSync(subject.folder, 0, NOBODY);
    Deno.chmodSync(subject.folder, 0o750);
    await subject.start();
    const { mode, uid, gid } = Deno.lstatSync(subject.socket);
    deepEqual([mode! & 0o777, uid, gid], [0o660, 0, NOBODY]);
  },
});

Deno.test("a socket that nobody serves any more is replaced", async () => {
  await using subject = new Subject();
  await subject.start();
  Deno.renameSync(subject.socket, `${subject.socket}-old`);
  await subject.stop();
  Deno.renameSync(`${subject.socket}-old`, subject.socket);
  await subject.start();
  match(await subject.ask(head("GET", "/reload")), /^HTTP\/1\.1 200 /);
});

Deno.test("whatever else has the name stays, and the reason is logged", async () => {
  await using subject = new Subject();
  const { folder, log } = subject;
  Deno.writeTextFileSync(join(folder, "file"), "keep");
  Deno.symlinkSync(join(folder, "file"), join(folder, "link"));
  Deno.symlinkSync(join(folder, "nothing"), join(folder, "dangling"));
  await using other = new Subject();
  await other.start();
  const cases: [path: string, reason: RegExp][] = [
    [join(folder, "file"), /something else that is no socket/],
    [join(folder, "link"), /it is a link/],
    [join(folder, "dangling"), /it is a link/],
    [other.socket, /another program listens there/],
    [join(folder, "missing/too/control.sock"), /there is no folder/],
  ];
  for (const [path, reason] of cases) {
    await subject.start(path);
    match(log.at(-1)!, reason);
    match(log.at(-1)!, /^error reload control: Cannot listen at .*detection goes on/);
    await subject.stop();
  }
  equal(Deno.readTextFileSync(join(folder, "file")), "keep");
  ok(Deno.lstatSync(join(folder, "link")).isSymlink && Deno.lstatSync(join(folder, "dangling")).isSymlink);
  match(await other.ask(head("GET", "/reload")), /^HTTP\/1\.1 200 /);
});

Deno.test({
  name: "no socket where others can put theirs: a folder, or one above it, that they own or can write",
  ignore: !isRoot,
  async fn() {
    await using subject = new Subject();
    const { folder, log } = subject;
    const spoil: ((path: string) => void)[] = [
      (path) => Deno.chmodSync(path, 0o777),
      (path) => Deno.chmodSync(path, 0o1777),
      (path) => Deno.chownSync(path, NOBODY, NOBODY),
      (path) => {
        Deno.chownSync(path, 0, NOBODY);
        Deno.chmodSync(path, 0o770);
      },
    ];
    for (const [at, make] of spoil.entries()) {
      const bad = join(folder, String(at));
      Deno.mkdirSync(join(bad, "below"), { recursive: true });
      make(bad);
      await subject.start(join(bad, "control.sock"));
      match(log.at(-1)!, /others could put a socket of theirs there/);
      await subject.stop();
      deepEqual([...Deno.readDirSync(bad)].map(({ name }) => name), ["below"]);
    }
    await subject.start(join(folder, "0/below/control.sock"));
    match(log.at(-1)!, /others could put a socket of theirs there/);
  },
});

Deno.test("a reload opens, moves and closes the socket", async () => {
  await using subject = new Subject();
  subject.settings = { ...subject.settings, "reload_control.enabled": false };
  await subject.start();
  throws(() => Deno.lstatSync(subject.socket), Deno.errors.NotFound);
  await subject.reload({ "reload_control.enabled": true });
  ok(Deno.lstatSync(subject.socket).isSocket);
  const moved = join(subject.folder, "moved.sock");
  await subject.reload({ "reload_control.socket": moved });
  throws(() => Deno.lstatSync(subject.socket), Deno.errors.NotFound);
  match(await subject.ask(head("GET", "/reload"), moved), /^HTTP\/1\.1 200 /);
  await subject.reload({ "reload_control.enabled": false });
  throws(() => Deno.lstatSync(moved), Deno.errors.NotFound);
});
