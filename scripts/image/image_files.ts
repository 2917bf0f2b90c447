// The file system of the image: the executable, the C library that it needs, certificates, a default /etc/falco.
// In: the executable, the system that builds. Out: entries for the layer (tar.ts).
// Elsewhere: how the image is started (oci.ts). There is no shell, but in the variant with tools (tools.ts).

import { join } from "node:path";
import { findLibrary } from "../compile/toolchain.ts";
import type { TarEntry, TarFile } from "./tar.ts";
import { imageTools } from "./tools.ts";

interface Machine {
  /** as images name it */
  readonly architecture: string;
  readonly libraryFolder: string;
  /** where executables look for it, and its name among the libraries */
  readonly loader: { readonly path: string; readonly name: string };
}

const MACHINES: Readonly<Record<string, Machine>> = {
  x86_64: {
    architecture: "amd64",
    libraryFolder: "lib/x86_64-linux-gnu",
    loader: { path: "lib64/ld-linux-x86-64.so.2", name: "ld-linux-x86-64.so.2" },
  },
  aarch64: {
    architecture: "arm64",
    libraryFolder: "lib/aarch64-linux-gnu",
    loader: { path: "lib/ld-linux-aarch64.so.1", name: "ld-linux-aarch64.so.1" },
  },
};

const NEEDED_LIBRARIES = ["libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0"];
/** Names of hosts; a C library of 2.34 and newer has them in itself, mostly. */
const NAME_LIBRARIES = ["libresolv.so.2", "libnss_files.so.2", "libnss_dns.so.2"];

const CERTIFICATES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

/** Places for mounts, so that a read-only root has them, and for what outputs write. */
const FOLDERS = [
  ...["dev", "host", "proc", "run", "sys", "var/lib/falco", "var/log"],
  ...["certs", "config.d", "configmap", "rules.d"].map((name) => `etc/falco/${name}`),
];

export function machineOf(arch: string = Deno.build.arch): Machine {
  const machine = MACHINES[arch];
  if (machine === undefined) {
    throw new Error(`There is no image for ${arch} (${Object.keys(MACHINES).join(", ")})`);
  }
  return machine;
}

export interface ImageContents {
  /** with a shell, curl and jq; default: false */
  readonly withTools?: boolean;
}

export function imageFiles(
  root: string,
  executable: string,
  { withTools = false }: ImageContents = {},
): Map<string, TarEntry> {
  const { libraryFolder, loader } = machineOf();
  const entries = withTools ? imageTools(libraryFolder) : new Map<string, TarEntry>();
  entries.set("usr/bin/falco", { ...read(executable, "deno run -A scripts/compile.ts --dist"), mode: 0o755 });
  for (const name of [...NEEDED_LIBRARIES, loader.name]) {
    entries.set(join(libraryFolder, name), library(name));
  }
  for (const name of NAME_LIBRARIES) {
    if (findLibrary(name) !== undefined) entries.set(join(libraryFolder, name), library(name));
  }
  entries.set(loader.path, { kind: "link", target: `/${join(libraryFolder, loader.name)}` });
  entries.set("etc/ssl/certs/ca-certificates.crt", certificates());
  entries.set("etc/falco/falco.yaml", read(join(root, "deploy/image/falco.yaml")));
  entries.set("etc/falco/config.d/falco.iso8601_timeformat.yaml", text("time_format_iso_8601: true\n"));
  entries.set("etc/falco/falco_rules.yaml", read(join(root, "rules/bundled/falco_rules.yaml")));
  entries.set("etc/falco/falco_rules.local.yaml", read(join(root, "deploy/image/falco_rules.local.yaml")));
  entries.set("etc/falco/k8s_audit_rules.yaml", read(join(root, "rules/bundled/k8s_audit_rules.yaml")));
  entries.set("etc/passwd", text("root:x:0:0:root:/root:/sbin/nologin\n"));
  entries.set("etc/group", text("root:x:0:\n"));
  entries.set("etc/nsswitch.conf", text("hosts: files dns\n"));
  entries.set("usr/share/doc/falco/LICENSE", read(join(root, "LICENSE")));
  for (const path of FOLDERS) entries.set(path, { kind: "folder" });
  entries.set("var/run", { kind: "link", target: "/run" });
  entries.set("root", { kind: "folder", mode: 0o700 });
  entries.set("tmp", { kind: "folder", mode: 0o1777 });
  return entries;
}

function library(name: string): TarFile {
  const path = findLibrary(name);
  if (path === undefined) throw new Error(`Cannot find ${name} of the C library on this system`);
  return { ...read(path), mode: 0o755 };
}

function certificates(): TarFile {
  for (const path of CERTIFICATES) {
    try {
      return { kind: "file", bytes: Deno.readFileSync(path) };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(
    `Cannot find the certificates of authorities\n  tried: ${CERTIFICATES.join(", ")}\n` +
      "  remedy: install the package ca-certificates",
  );
}

function read(path: string, remedy?: string): TarFile {
  try {
    return { kind: "file", bytes: Deno.readFileSync(path) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot read ${path}: ${reason}${remedy === undefined ? "" : `\n  remedy: ${remedy}`}`, {
      cause: error,
    });
  }
}

function text(content: string): TarFile {
  return { kind: "file", bytes: new TextEncoder().encode(content) };
}
