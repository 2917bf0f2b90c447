// Where the root of the host's file system is, when falco runs in a container.
// In: HOST_ROOT, which the image sets to /host, and /proc. Out: HOST_ROOT as all parts read it afterwards: as it was
// given where the host's /proc is mounted below it; the root of process 1 where the container has the host's processes
// but nobody has mounted its /proc (hostPID: true without volumes); otherwise as it was given.
// Elsewhere: whether the /proc found there is believed (sources/live/host_view.ts).

/** Inode of the pid namespace in which the kernel began. */
const FIRST_PID_NAMESPACE = "pid:[4026531836]";
const ROOT_OF_FIRST_PROCESS = "/proc/1/root";

interface Environment {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** @param rootOfFirst the root of process 1 */
export function settleHostRoot(
  environment: Environment = Deno.env,
  rootOfFirst: string = ROOT_OF_FIRST_PROCESS,
): void {
  const given = environment.get("HOST_ROOT")?.replace(/\/+$/, "");
  if (given === undefined) return;
  const isMounted = given === "" || exists(`${given}/proc/self`);
  environment.set("HOST_ROOT", isMounted || !isHostRoot(rootOfFirst) ? given : rootOfFirst);
}

/** Process 1 of another namespace than the first is some container's: its files are not the host's. */
function isHostRoot(rootOfFirst: string): boolean {
  try {
    return Deno.readLinkSync("/proc/self/ns/pid") === FIRST_PID_NAMESPACE && exists(`${rootOfFirst}/proc/1`);
  } catch {
    return false;
  }
}

/** Not to be entered is not to be used: the root of process 1 asks for CAP_SYS_PTRACE. */
function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
