// The C library, opened on first use and once per thread, with errno and C strings.
// Each function is prepared when it is asked for first: the runtime compiles a way to it, at 0.1 ms, and a thread needs a third of them.
// Elsewhere: the symbol table (libc_symbols.ts), what is built on it (the other files of ffi/).

import { CallError, EnvironmentError, messageOf } from "../base/mod.ts";
import { LIBC_SYMBOLS } from "./libc_symbols.ts";

export type Libc = Deno.DynamicLibrary<typeof LIBC_SYMBOLS>["symbols"];

// glibc, then musl as Alpine names it
const NAMES = ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`];

let opened: Libc | undefined;
let errnoView: Deno.UnsafePointerView | undefined;

export function libc(): Libc {
  return opened ??= open();
}

function open(): Libc {
  const found: string[] = [];
  for (const name of NAMES) {
    try {
      // at once: preparing it after a call would change what it points to
      errnoView = viewErrno(prepare(name, "__errno_location"));
    } catch (error) {
      found.push(messageOf(error));
      continue;
    }
    return whenAskedFor(name);
  }
  throw unusable(found);
}

function whenAskedFor(library: string): Libc {
  const functions = {};
  for (const name of Object.keys(LIBC_SYMBOLS) as (keyof typeof LIBC_SYMBOLS)[]) {
    Object.defineProperty(functions, name, {
      configurable: true,
      get: () => {
        try {
          const value = prepare(library, name);
          Object.defineProperty(functions, name, { value });
          return value;
        } catch (error) {
          throw unusable([messageOf(error)]);
        }
      },
    });
  }
  return functions as Libc;
}

function prepare<Name extends keyof typeof LIBC_SYMBOLS>(library: string, name: Name): Libc[Name] {
  return Deno.dlopen(library, { [name]: LIBC_SYMBOLS[name] }).symbols[name] as Libc[Name];
}

function unusable(found: readonly string[]): EnvironmentError {
  return new EnvironmentError({
    problem: "Cannot open the C library",
    tried: NAMES,
    found,
    remedy: ["Run falco on a Linux with glibc 2.28 or musl 1.2 or newer"],
  });
}

function viewErrno(location: Libc["__errno_location"]): Deno.UnsafePointerView | undefined {
  const at = location();
  return at === null ? undefined : new Deno.UnsafePointerView(at);
}

/** errno of this thread. Read it at once after the call: the runtime makes system calls of its own. */
export function errno(): number {
  return errnoView?.getInt32() ?? 0;
}

/** The C library's words for an errno value. */
export function errorText(code: number): string {
  const at = libc().strerror(code);
  return at === null ? `error ${code}` : Deno.UnsafePointerView.getCString(at);
}

/** The error for a call that failed with `code`. */
export function callError(call: string, code: number): CallError {
  return new CallError(call, code, errorText(code));
}

const encoder = new TextEncoder();

/** A NUL-terminated copy of a string; what follows a NUL inside it would be lost, so that is refused. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  if (text.includes("\0")) throw new TypeError("Cannot pass a string to C: it contains a NUL character");
  return encoder.encode(text + "\0");
}

export function closeFd(fd: number): void {
  libc().close(fd);
}
