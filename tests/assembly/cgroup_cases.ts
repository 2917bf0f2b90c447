// Paths of cgroups and the container that each names: one line for each layout that Falco's container plugin 0.7.1
// knows and tests, for those that only we know, and for those that look like one and are none.

export const ID = "3a7f2b9c1d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
export const SHORT = ID.slice(0, 12);
/** of another container */
export const OTHER = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

const UNIT = "/system.slice/system-web.slice/web@shop.service";
const USER = "/user.slice/user-1000.slice/user@1000.service";
const POD = "/kubepods/besteffort/pod2b1f0c9e-77aa-4d0e-8a51-0c7b6f2d9e10";
const POD_SLICE = "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod2b1f0c9e_77aa.slice";

type Case = readonly [path: string, id: string];

/** Live and in recordings alike. */
export const LAYOUT_CASES: readonly Case[] = [
  [`/system.slice/libpod-${ID}`, SHORT],
  [`/machine.slice/libpod-${ID}.scope`, SHORT],
  [`/machine.slice/libpod-${ID}.scope/container`, SHORT],
  [`/libpod_parent/libpod-${ID}`, SHORT],
  [`/libpod_parent/${OTHER}/libpod-${ID}`, SHORT],
  [`/machine.slice/machine-libpod_pod_${OTHER}.slice/libpod-${ID}.scope/container`, SHORT],
  [`${UNIT}/libpod-payload-${ID}`, SHORT],
  [`${UNIT}/libpod-payload-${ID}.scope`, SHORT],
  [`${USER}/libpod-${ID}`, SHORT],
  [`${USER}/user.slice/libpod-${ID}.scope/container`, SHORT],
  [`${USER}/app.slice/web.service/libpod-payload-${ID}`, SHORT],
  [`${USER}/app.slice/web.service/${ID}`, SHORT],
  [`${POD}/${ID}`, SHORT],
  [`/kubepods-burstable-pod9d12dd33.slice:cri-containerd:${ID}`, SHORT],
  [`${POD_SLICE}/cri-containerd-${ID}.scope`, SHORT],
  [`${POD}/crio-${ID}`, SHORT],
  [`${POD_SLICE}/crio-${ID}.scope`, SHORT],
  [`${POD_SLICE}/docker-${ID}.scope`, SHORT],
  [`/docker/${ID}`, SHORT],
  [`/docker/${ID.toUpperCase()}`, SHORT.toUpperCase()],
  [`/docker.slice/docker-${ID}.scope`, SHORT],
  [`/system.slice/docker-${ID}.scope`, SHORT],
  [`/system.slice/nerdctl-${ID}.scope`, SHORT],
  [`/default/${ID}`, SHORT],
  ["/default/a", "a"],
  ["/default/web_shop", "web_shop"],
  ["/default/my-container", "my-container"],
  ["/k8s.io/a-long_name.of-a-container", "a-long_name."],
  ["/default/service.of-a-shop", "service.of-a"],
  ["/lxc/guest", "guest"],
  ["/lxc/guest/init.scope", "guest"],
  ["/lxc.payload/guest", "guest"],
  ["/lxc.payload.guest", "guest"],
  ["/lxc.payload.guest/init.scope", "guest"],
  ["/machine/guest.libvirt-lxc", "guest"],
  ["/machine.slice/machine-lxc\\x2d4711\\x2dguest.scope", "4711\\x2dguest"],
  ["/machine.slice/machine-lxc\\x2d4711\\x2dguest.scope/libvirt", "4711\\x2dguest"],
  ["/libvirt/lxc/guest", "guest"],
  ["/bpm-job.GU", "job.GU"],
  ["/system.slice/runc-bpm-job.GU.scope", "job.GU"],

  ["/", "host"],
  ["/init.scope", "host"],
  ["/system.slice/ssh.service", "host"],
  ["/user.slice/user-0.slice/session-1.scope", "host"],
  [`${USER}/init.scope`, "host"],
  [`${USER}/libpod-${ID}${ID}.scope`, "host"],
  [`${USER}/libpod-${ID.slice(1)}.scope`, "host"],
  [`${USER}/libpod-${ID.slice(1)}g.scope`, "host"],
  [`/machine.slice/libpod-conmon-${ID}.scope`, "host"],
  [`${POD_SLICE}/crio-conmon-${ID}.scope`, "host"],
  ["/default/shop.service", "host"],
  ["/default/shop.slice", "host"],
  ["/default/shop.scope", "host"],
  ["/namespace/.service", "host"],
  ["/namespace/.slice", "host"],
  ["/namespace/.scope", "host"],
  ["/lxc.monitor.guest", "host"],
];

/** What is below the cgroup of a container is the container's, whatever it looks like; Falco reads the end of the path. */
export const NESTED_CASES: readonly Case[] = LAYOUT_CASES.filter(([, id]) => id !== "host").flatMap(
  ([path, id]) =>
    [
      "x",
      "init.scope",
      "system.slice/sshd.service",
      "lxc.payload.host",
      `docker-${OTHER}.scope`,
      `${OTHER}/y`,
    ]
      .map((below): Case => [`${path}/${below}`, id]),
);

/** Only live: Falco knows no such container, or takes any path of two names for one. */
export const LIVE_CASES: readonly Case[] = [
  ["/machine.slice/systemd-nspawn@debian.service/payload", "debian"],
  ["/machine.slice/systemd-nspawn@deb\\x2dian.service", "deb-ian"],
  ["/machine.slice/machine-debian.scope/payload/init.scope", "debian"],
  ["/machine.slice/machine-deb\\x2dian.scope", "deb-ian"],
  ["/machine.slice/machine-rkt\\x2d5f60.scope/system.slice/etcd.service", "5f60"],
  ["/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/emulator", "host"],
  ["/mesos/2b1f0c9e-77aa-4d0e-8a51-0c7b6f2d9e10", "2b1f0c9e-77aa-4d0e-8a51-0c7b6f2d9e10"],
  [`/system.slice:docker:${ID}`, SHORT],
  [`/system.slice:nerdctl:${ID}`, SHORT],
  ["/docker/buildkit/8r2kq1", "8r2kq1"],
  ["/moby/web", "web"],
  ["/k8s.io/web", "web"],
  ["/buildkit/web", "web"],
  ["/nerdctl/web", "web"],
  [`/any-name/${ID}`, SHORT],
  ["/jobs/42", "host"],
  ["/process_manager/3a7f2b9c1d4e5f60718293a4b5c6d7e8", "host"],
  ["/libpod_parent/conmon", "host"],
  ["/defaults/web", "host"],
  ["/system.slice/bpm-agent.service", "host"],
  // `host` and the empty text are ids of no container
  ["/lxc.payload.host", "container-host"],
  ["/lxc/host/x", "container-host"],
  ["/default/host", "container-host"],
  ["/machine.slice/machine-host.scope", "container-host"],
  ["/lxc.payload.", "host"],
  ["/machine.slice/machine-.scope", "host"],
  ["/machine/.libvirt-lxc", "host"],
];

/** In a recording of Falco's a path of two names is a container of containerd. */
export const RECORDED_CASES: readonly Case[] = [
  ["/libpod_parent/conmon", "conmon"],
  ["/jobs/42", "42"],
  ["/my.namespace/web_shop", "web_shop"],
  ["/a_long_namespace-1.5/my-container", "my-container"],
];
