// A BPF object file opened with libbpf: its maps and programs.
// In: the bytes of an ELF object. Out: BpfObject, whose `close` gives back everything that it holds in the kernel.
// Elsewhere: which programs are attached and what the maps mean (sources/live), single map calls (bpf_map.ts).

import { cString } from "../libc.ts";
import { checkCode, checkPointer, libbpf } from "./libbpf.ts";
import { disablePerfEvent } from "./perf_event.ts";

export type BpfMapHandle = Deno.PointerObject;
export type BpfProgramHandle = Deno.PointerObject;

export interface BpfProgram {
  readonly name: string;
  readonly section: string;
  readonly handle: BpfProgramHandle;
}

const PROGRAM_TYPE_TRACEPOINT = 5;
const PROGRAM_TYPE_TRACING = 26;
const ATTACH_TYPE_RAW_TRACEPOINT = 23;
export const KERNEL_TYPES = cString("/sys/kernel/btf/vmlinux");
const OPEN_OPTIONS = { btfCustomPath: 48, bytes: 56 } as const;

/**
 * A `struct bpf_object_open_opts` that names the kernel's types by their path. That is where libbpf finds them anyway,
 * but for a type that is missing there it would search those of the kernel's modules too, and listing these takes
 * CAP_SYS_ADMIN, which is needed for nothing else.
 */
function openOptions(): Uint8Array<ArrayBuffer> {
  const options = new Uint8Array(OPEN_OPTIONS.bytes);
  const view = new DataView(options.buffer);
  view.setBigUint64(0, BigInt(OPEN_OPTIONS.bytes), true);
  view.setBigUint64(
    OPEN_OPTIONS.btfCustomPath,
    BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(KERNEL_TYPES))),
    true,
  );
  return options;
}

export class BpfObject {
  readonly #at: Deno.PointerObject;
  /** by program */
  readonly #links = new Map<string, Deno.PointerObject>();
  #closed = false;

  /** Parses the object; nothing reaches the kernel before `load`. */
  constructor(elf: Uint8Array<ArrayBuffer>) {
    this.#at = checkPointer(
      "bpf_object__open_mem",
      libbpf().bpf_object__open_mem(elf, BigInt(elf.byteLength), openOptions()),
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

  /** Before `load`, for a program whose section does not say what it hangs on: a typed raw tracepoint. */
  forRawTracepoint(program: BpfProgramHandle, tracepoint: string): void {
    checkCode("bpf_program__set_type", libbpf().bpf_program__set_type(program, PROGRAM_TYPE_TRACING));
    checkCode(
      "bpf_program__set_expected_attach_type",
      libbpf().bpf_program__set_expected_attach_type(program, ATTACH_TYPE_RAW_TRACEPOINT),
    );
    checkCode(
      `bpf_program__set_attach_target("${tracepoint}")`,
      libbpf().bpf_program__set_attach_target(program, 0, cString(tracepoint)),
    );
  }

  /** Before `load`, likewise: tracepoints of perf. */
  forPerfTracepoint(program: BpfProgramHandle): void {
    checkCode("bpf_program__set_type", libbpf().bpf_program__set_type(program, PROGRAM_TYPE_TRACEPOINT));
  }

  /**
   * Uses the maps of another object, which is loaded and of the same file, instead of making its own; before `load`.
   */
  shareMaps(of: BpfObject): void {
    let own = libbpf().bpf_object__next_map(this.#at, null);
    let theirs = libbpf().bpf_object__next_map(of.#at, null);
    while (own !== null && theirs !== null) {
      const fd = checkCode("bpf_map__fd", libbpf().bpf_map__fd(theirs));
      checkCode("bpf_map__reuse_fd", libbpf().bpf_map__reuse_fd(own, fd));
      own = libbpf().bpf_object__next_map(this.#at, own);
      theirs = libbpf().bpf_object__next_map(of.#at, theirs);
    }
  }

  /** The attachment ends with `detach` or `close`, or with the process. */
  attach(name: string): void {
    const link = libbpf().bpf_program__attach(this.program(name));
    this.#links.set(name, checkPointer(`bpf_program__attach("${name}")`, link));
  }

  /** A program made by `forRawTracepoint`, likewise. */
  attachRaw(name: string): void {
    const link = libbpf().bpf_program__attach_trace(this.program(name));
    this.#links.set(name, checkPointer(`bpf_program__attach_trace("${name}")`, link));
  }

  /**
   * Runs the program at each event of `perfFd` (ffi/bpf/perf_event.ts), which belongs to the attachment from here on. The
   * event itself, for which libbpf switches sampling on, is switched off: programs run all the same.
   */
  attachPerfEvent(name: string, perfFd: number): void {
    const link = libbpf().bpf_program__attach_perf_event(this.program(name), perfFd);
    this.#links.set(name, checkPointer(`bpf_program__attach_perf_event("${name}")`, link));
    disablePerfEvent(perfFd);
  }

  isAttached(name: string): boolean {
    return this.#links.has(name);
  }

  detach(name: string): void {
    const link = this.#links.get(name);
    if (link === undefined) return;
    this.#links.delete(name);
    libbpf().bpf_link__destroy(link);
  }

  detachAll(): void {
    for (const name of [...this.#links.keys()]) this.detach(name);
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

  /** Detaches and frees; maps and programs leave the kernel when no other process holds them. */
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
