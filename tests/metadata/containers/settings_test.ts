// What a configuration says about container engines: Falco's own forms are read unchanged, mistakes are told.

import assert from "node:assert/strict";
import { join } from "node:path";
import { listEngines } from "../../../metadata/containers/engine_list.ts";
import {
  DEFAULT_CONTAINER_SETTINGS as DEFAULTS,
  readContainerSettings,
} from "../../../metadata/containers/settings.ts";

Deno.test("nothing written: every engine at its usual places", () => {
  for (const nothing of [undefined, null, "", {}, "{}"]) {
    assert.deepEqual(readContainerSettings(nothing), { settings: DEFAULTS, problems: [] });
  }
  const paths = listEngines(DEFAULTS, "").map(({ engine, path }) => `${engine} ${path}`);
  for (
    const usual of [
      "docker /var/run/docker.sock",
      "podman /run/podman/podman.sock",
      "podman_storage /var/lib/containers/storage/overlay-containers",
      "cri /run/containerd/containerd.sock",
      "cri /run/crio/crio.sock",
      "cri /run/k3s/containerd/containerd.sock",
      "cri /run/host-containerd/containerd.sock",
      "containerd /run/host-containerd/containerd.sock",
    ]
  ) assert.ok(paths.includes(usual), usual);
});

Deno.test("init_config of Falco's plugin container, as a mapping or as text", () => {
  const written = {
    label_max_len: 40,
    with_size: true,
    engine_timeout: 5,
    hooks: ["create"],
    log_level: "debug",
    engines: {
      docker: { enabled: false, sockets: ["/a.sock"] },
      podman: { sockets: ["unix:///b.sock"] },
      cri: { enabled: true, sockets: [] },
      lxc: { enabled: false },
      static: { enabled: false },
    },
  };
  for (const form of [written, JSON.stringify(written)]) {
    const { settings, problems } = readContainerSettings(form);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      engines: {
        ...DEFAULTS.engines,
        docker: { enabled: false, sockets: ["/a.sock"] },
        podman: { enabled: true, sockets: ["/b.sock"] },
      },
      cgroups: { lxc: false, libvirt_lxc: true, bpm: true },
      labelMaxLength: 40,
      withSize: true,
      listTimeoutMs: 5000,
      hooks: { create: true, start: false },
    });
    assert.deepEqual(listEngines(settings, "").filter(({ engine }) => engine === "docker"), []);
  }
});

Deno.test("sockets as Falco's chart names them: containerd is asked for its own containers where its CRI is", () => {
  const { settings } = readContainerSettings({
    engines: {
      containerd: { enabled: true, sockets: ["/run/host-containerd/containerd.sock"] },
      cri: {
        enabled: true,
        sockets: ["/run/containerd/containerd.sock", "/run/crio/crio.sock", "/srv/c.sock"],
      },
    },
  });
  const found = listEngines(settings, "/host").filter(({ engine }) =>
    engine !== "podman" && engine !== "podman_storage"
  );
  assert.deepEqual(
    found.filter(({ engine }) => engine === "containerd").map(({ path }) => path),
    ["/host/run/host-containerd/containerd.sock", "/host/run/containerd/containerd.sock"],
  );
  // what the chart names anyway is nothing that somebody has decided on
  assert.deepEqual(found.filter(({ isConfigured }) => isConfigured).map(({ path }) => path), [
    "/host/srv/c.sock",
  ]);
});

Deno.test("container_engines of older configurations counts where init_config says nothing", () => {
  const older = { docker: { enabled: false }, cri: { enabled: true, sockets: ["/old.sock"] } };
  const { settings } = readContainerSettings({ engines: { cri: { sockets: ["/new.sock"] } } }, older);
  assert.equal(settings.engines.docker.enabled, false);
  assert.deepEqual(settings.engines.cri.sockets, ["/new.sock"]);
});

Deno.test("no limit is one of falco's own: nobody waits for a list, and an engine that hangs is asked again", () => {
  const { settings } = readContainerSettings({ engine_timeout: 0 });
  assert.ok(settings.listTimeoutMs > 0 && settings.listTimeoutMs <= 60_000);
});

Deno.test("every mistake is told at once, and the usual value stays", () => {
  const { settings, problems } = readContainerSettings({
    label_max_len: -1,
    with_size: "yes",
    engine_timeout: "long",
    hooks: ["stop"],
    engines: { docker: { enabled: 1, sockets: "/a" }, dokcer: {}, static: { enabled: true } },
  });
  assert.deepEqual(settings, DEFAULTS);
  assert.deepEqual(problems.map((problem) => problem.split(" ")[0]), [
    "init_config.engines.docker.enabled",
    "init_config.engines.docker.sockets",
    "init_config.engines.dokcer",
    "init_config.engines.static.enabled",
    "init_config.label_max_len",
    "init_config.with_size",
    "init_config.engine_timeout",
    "init_config.hooks",
  ]);
  assert.equal(readContainerSettings("{").problems.length, 1);
});

Deno.test("sockets and files of users are found below the root of the host", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(root, "run/user/1000"), { recursive: true });
    await Deno.mkdir(join(root, "etc/containers"), { recursive: true });
    await Deno.writeTextFile(
      join(root, "etc/containers/storage.conf"),
      '[storage]\ngraphroot = "/srv/images"\n',
    );
    await Deno.writeTextFile(
      join(root, "etc/passwd"),
      "ann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:1001::/home/bob:\n",
    );
    const paths = listEngines(DEFAULTS, root).map(({ path }) => path);
    assert.ok(paths.every((path) => path.startsWith(root)));
    for (
      const path of [
        "run/user/1000/podman/podman.sock",
        "srv/images/overlay-containers",
        "home/ann/.local/share/containers/storage/overlay-containers",
      ]
    ) assert.ok(paths.includes(join(root, path)), path);
    assert.ok(!paths.some((path) => path.includes("/home/bob")), "bob is not there");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
