// What both formats say of the package.

export const ABOUT = {
  maintainer: "The falco authors <falco@falco.invalid>",
  summary: "runtime security monitor for Linux hosts and containers",
  /** lines of up to 78 characters */
  description: [
    "An eBPF probe reports system calls, and what rules describe of them is",
    "reported at once: a shell in a container, a read of /etc/shadow, a program",
    "that was dropped and run. Rules, settings, flags and alerts are those of",
    "Falco. Needs Linux 5.8 or later with BTF.",
  ],
} as const;

/** Above every version of Falco's own packages, which have no epoch: taking their place is no downgrade. */
export const EPOCH = 1;

/** What each format calls the machine. */
export const ARCHITECTURES = {
  x86_64: { deb: "amd64", rpm: "x86_64" },
  aarch64: { deb: "arm64", rpm: "aarch64" },
} as const;
