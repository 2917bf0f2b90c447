// A BPF object file opened with libbpf: its maps and programs.
// In: the bytes of an ELF object. Out: BpfObject, whose `close` gives back everything that it holds in the kernel.
// Elsewhere: which programs are attached and what the maps mean (sources/live), single map calls (bpf_map.ts).

import { cString } from "./libc.ts";
import { checkCode, checkPointer, libbpf } from "./libbpf.ts";

export type BpfMapHandle = Deno.PointerObject;
export type BpfProgramHandle = Deno.PointerObject;

export interface BpfProgram {
  readonly name: string;
  readonly section: string;
  readonly handle: BpfProgramHandle;
}

export class BpfObject {
  readonly #at: Deno.PointerObject;
  readonly #links: Deno.PointerObject[] = [];
  #closed = false;

  /** Parses the object; nothing reaches the kernel before `load`. */
  constructor(elf: Uint8Array<ArrayBuffer>) {
    this.#at = checkPointer(
      "bpf_object__open_mem",
      libbpf().bpf_object__open_mem(elf, BigInt(elf.byteLength), null),
    );
  }

  load(): void {
    checkCode("bpf_object__load", libbpf().bpf_object__load(this.#at));
  }

  map(name: string): BpfMapHandle {
    const at = libbpf().bpf_object__find_map_by_name(this.#at, cString(name));
    return checkPointer(`bpf_object__find_map_by_name("${name}")`, at);
  }

  program(name: string): BpfProgramHandle {
    const at = libbpf().bpf_object__find_program_by_name(this.#at, cString(name));
    return checkPointer(`bpf_object__find_program_by_name("${name}")`, at);
  }

  programs(): BpfProgram[] {
    const list: BpfProgram[] = [];
    let handle = libbpf().bpf_object__next_program(this.#at, null);
    while (handle !== null) {
      list.push({
        name: text(libbpf().bpf_program__name(handle)),
        section: text(libbpf().bpf_program__section_name(handle)),
        handle,
      });
      handle = libbpf().bpf_object__next_program(this.#at, handle);
    }
    return list;
  }

  /** Whether `load` takes this program to the kernel; to be called before it. */
  setAutoload(program: BpfProgramHandle, on: boolean): void {
    checkCode("bpf_program__set_autoload", libbpf().bpf_program__set_autoload(program, on));
  }

  /** The attachment ends with `close`, or with the process. */
  attach(name: string): void {
    const link = libbpf().bpf_program__attach(this.program(name));
    this.#links.push(checkPointer(`bpf_program__attach("${name}")`, link));
  }

  /** Runs the program at each event of `perfFd` (ffi/perf_event.ts), which belongs to the attachment from here on. */
  attachPerfEvent(name: string, perfFd: number): void {
    const link = libbpf().bpf_program__attach_perf_event(this.program(name), perfFd);
    this.#links.push(checkPointer(`bpf_program__attach_perf_event("${name}")`, link));
  }

  detachAll(): void {
    for (const link of this.#links.splice(0)) libbpf().bpf_link__destroy(link);
  }

  /** Before `load`. */
  setMaxEntries(name: string, count: number): void {
    checkCode(
      `bpf_map__set_max_entries("${name}")`,
      libbpf().bpf_map__set_max_entries(this.map(name), count),
    );
  }

  /** What a data section begins with; before `load`, and of the size of the section. */
  setInitialValue(name: string, value: Uint8Array<ArrayBuffer>): void {
    checkCode(
      `bpf_map__set_initial_value("${name}")`,
      libbpf().bpf_map__set_initial_value(this.map(name), value, BigInt(value.byteLength)),
    );
  }

  /** Detaches and frees; maps and programs leave the kernel when nobody else holds them. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.detachAll();
    libbpf().bpf_object__close(this.#at);
  }
}

function text(at: Deno.PointerValue): string {
  return at === null ? "" : Deno.UnsafePointerView.getCString(at);
}
