// An image as an archive that `podman load`, `docker load` and `ctr images import` take.
// In: the layer's files. Out: the bytes of an OCI image layout in a tar, with the manifest of older Docker next to it. The
// same files give the same bytes and so the same digests.
// Elsewhere: which files (image_files.ts).

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { VERSION } from "../../base/versions.ts";
import { makeTar, type TarEntry, type TarFile } from "./tar.ts";

export interface ImageOptions {
  /** `repository:tag` */
  readonly reference: string;
  /** as images name it: amd64, arm64 */
  readonly architecture: string;
  /** default: true */
  readonly isCompressed?: boolean;
  /** how it is started; default: as falco */
  readonly start?: Readonly<Record<string, unknown>>;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const START = {
  // no entrypoint, as in the image of Falco: its users name the program themselves
  Cmd: ["/usr/bin/falco"],
  Env: [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    // as in Falco's image: manifests mount the host's folders there without saying so
    "HOST_ROOT=/host",
    "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
  ],
  WorkingDir: "/",
  StopSignal: "SIGTERM",
  Labels: {
    "org.opencontainers.image.title": "falco",
    "org.opencontainers.image.description": "Runtime security monitor for Linux hosts and containers",
    "org.opencontainers.image.version": VERSION,
  },
};

const NO_TIME = "1970-01-01T00:00:00Z";

export function makeImage(
  files: ReadonlyMap<string, TarEntry>,
  options: ImageOptions,
): Uint8Array<ArrayBuffer> {
  const { reference, architecture, isCompressed = true, start = START } = options;
  const archive = new Map<string, TarEntry>();
  const add = (mediaType: string, bytes: Uint8Array): Descriptor => {
    const hex = sha256(bytes);
    archive.set(`blobs/sha256/${hex}`, { kind: "file", bytes });
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };

  const tar = makeTar(files);
  const layer = isCompressed
    ? add("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(tar))
    : add("application/vnd.oci.image.layer.v1.tar", tar);
  const config = add(
    "application/vnd.oci.image.config.v1+json",
    json({
      architecture,
      os: "linux",
      created: NO_TIME,
      config: start,
      rootfs: { type: "layers", diff_ids: [`sha256:${sha256(tar)}`] },
      history: [{ created: NO_TIME, created_by: "scripts/image.ts" }],
    }),
  );
  const manifest = add(
    "application/vnd.oci.image.manifest.v1+json",
    json({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config,
      layers: [layer],
    }),
  );
  const annotations = {
    "io.containerd.image.name": fullName(reference),
    "org.opencontainers.image.ref.name": reference.slice(reference.lastIndexOf(":") + 1),
  };
  archive.set("oci-layout", file({ imageLayoutVersion: "1.0.0" }));
  archive.set(
    "index.json",
    file({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [{ ...manifest, annotations }],
    }),
  );
  const blob = ({ digest }: Descriptor) => `blobs/${digest.replace(":", "/")}`;
  archive.set(
    "manifest.json",
    file([{ Config: blob(config), RepoTags: [reference], Layers: [blob(layer)] }]),
  );
  return makeTar(archive);
}

/** As Docker and containerd complete it: `falco:1` is docker.io/library/falco:1. */
function fullName(reference: string): string {
  const parts = reference.split("/");
  if (parts.length === 1) return `docker.io/library/${reference}`;
  return /[.:]|^localhost$/.test(parts[0]!) ? reference : `docker.io/${reference}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

function file(value: unknown): TarFile {
  return { kind: "file", bytes: json(value) };
}
