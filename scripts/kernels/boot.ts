// One boot of a kernel in the emulator: started, its console read, and evaluated by what the guest's init said there.
// In: kernel, initramfs. Out: what is wrong, and a line that sums it up; the console in a file.

export interface BootOptions {
  readonly kernel: string;
  readonly initramfs: string;
  /** file for what the guest prints */
  readonly console: string;
}

export interface BootOutcome {
  readonly problems: readonly string[];
  readonly summary: string;
}

/** Rules whose alerts the guest's init provokes. */
export const RULES = [
  "Read sensitive file untrusted",
  "Execution from /dev/shm",
  "Run shell untrusted",
  "Fileless execution via memfd_create",
  "PTRACE attached to process",
  "Namespace change",
  "Linux Kernel Module Injection Detected",
  "Reverse shell",
  "Create files below dev",
  "Write below binary dir",
  "Schedule Cron Jobs",
  "Detect crypto miners using the Stratum protocol",
];
/** Of engine.kernel_filter: in each of them all are provoked. */
const MODES = ["off", "auto"];
const PATIENCE_MS = 900_000;

export async function boot({ kernel, initramfs, console }: BootOptions): Promise<BootOutcome> {
  const startedMs = performance.now();
  const { stdout, stderr } = await new Deno.Command("nice", {
    args: [
      ...["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "2048"],
      ...["-nographic", "-no-reboot", "-nic", "none"],
      ...["-kernel", kernel, "-initrd", initramfs, "-append", "console=ttyS0 panic=-1 quiet"],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).output();
  const decoder = new TextDecoder();
  const text = (decoder.decode(stdout) + decoder.decode(stderr)).replaceAll("\r", "");
  await Deno.writeTextFile(console, text);
  return verdictOn(text, Math.round((performance.now() - startedMs) / 1000));
}

/** What the console says of a boot. */
export function verdictOn(text: string, seconds: number): BootOutcome {
  const said = (word: string) => new RegExp(`@@${word} (.*)$`, "m").exec(text)?.[1];
  const missing = MODES.flatMap((mode) => {
    const alerts = new Set(
      [...text.matchAll(new RegExp(`^@@alert\\.${mode} (.*)$`, "gm"))].map(([, rule]) => rule),
    );
    return RULES.filter((rule) => !alerts.has(rule)).map((rule) => ({ rule, mode }));
  });
  const missed = (mode: string) => missing.filter((one) => one.mode === mode).length;
  const resident = [...text.matchAll(/^@@resident (.*)$/gm)].map(([, kib]) => Number(kib));
  const failed = [...text.matchAll(/^FAIL +(.*)$/gm)].map(([, line]) => line!);
  const warned = [...text.matchAll(/^warning +(.*)$/gm)].length;
  const problems = [
    ...said("kernel") === undefined ? ["the guest did not start"] : [],
    ...!/^@@end$/m.test(text) ? ["the guest ended in the middle"] : [],
    ...isResidentTold(said("kernel") ?? "") && !resident.some((kib) => kib > 0)
      ? ["no memory of processes"]
      : [],
    ...failed.map((line) => `doctor: ${line}`),
    ...missing.map(({ rule, mode }) => `no alert of "${rule}" (kernel filter ${mode})`),
    .../^@@end$/m.test(text)
      ? MODES.map((mode) => said(`monitor\\.${mode}`)).filter((code) => code !== "0")
        .map((code) => `falco ended with ${code}`)
      : [],
    .../drops 0$/m.test(text) ? [] : ["events were dropped, or no count was given"],
    ...integrityProblems(said("integrity")),
  ];
  const passed = [...text.matchAll(/^ok +self-test:/gm)].length;
  return {
    problems,
    summary: `doctor ${said("doctor") === "0" ? "ok" : "not ok"} (${passed} families, ${warned} warnings), ` +
      `${RULES.length - missed("off")} of ${RULES.length} detections, ` +
      `with the kernel's filter ${RULES.length - missed("auto")}${
        said("filter") === undefined ? "" : " (refused)"
      }, ` +
      `under stress ${said("integrity") ?? "nothing"}, ${seconds} s`,
  };
}

/** What the guest's integrity.awk says of the stress. */
function integrityProblems(told: string | undefined): string[] {
  const count = (what: string) => Number(new RegExp(`${what} (\\d+)`).exec(told ?? "")?.[1] ?? NaN);
  if (!(count("seen") > 0 && count("execs") > 0)) return ["the stress was not seen"];
  return [
    ...count("wrong") === 0 ? [] : [`${count("wrong")} events under stress mix two processes`],
    ...count("not counted") === 0
      ? []
      : [`${count("not counted")} calls under stress are missing without a count`],
  ];
}

/** Since Linux 6.2 the memory of a small process may stand in counters of the CPUs, which the probe does not add. */
function isResidentTold(release: string): boolean {
  const [major = 0, minor = 0] = release.split(/[.-]/).map(Number);
  return major < 6 || (major === 6 && minor < 2);
}
