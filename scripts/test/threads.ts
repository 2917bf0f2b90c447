// Where the threads of a process stand: what is printed of a test that hangs, since it cannot be asked any more.
// In: a process id. Out: a line per thread: name, state, processor time, the kernel function and call it waits in.

export function describeThreads(pid: number): string {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => describe(pid, name)).join("\n");
  } catch {
    return `process ${pid} has ended`;
  }
}

function describe(pid: number, tid: string): string {
  const read = (name: string) => {
    try {
      return Deno.readTextFileSync(`/proc/${pid}/task/${tid}/${name}`).trim();
    } catch {
      return "?";
    }
  };
  const stat = read("stat");
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(rest[10]) + Number(rest[11]);
  return `thread ${tid} ${read("comm")}: ${state}, ${ticks} ticks, in ${read("wchan")}, call ${
    read("syscall")
  }`;
}
