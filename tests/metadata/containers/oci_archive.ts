// An image of busybox alone as an OCI archive, which engines import without a registry.

import { join } from "node:path";

const APPLETS = ["sh", "cat", "sleep", "true"];

/** Whether these programs are here, and busybox for the image. */
export function hasTools(...names: string[]): boolean {
  const runs = (name: string, arg: string) => {
    try {
      return new Deno.Command(name, { args: [arg], stdout: "null", stderr: "null" }).outputSync().success;
    } catch {
      return false;
    }
  };
  return runs("busybox", "true") && names.every((name) => runs(name, "--version"));
}

/** @returns the path of the archive */
export async function writeOciArchive(folder: string, name: string): Promise<string> {
  const rootfs = join(folder, "rootfs");
  await Deno.mkdir(join(rootfs, "bin"), { recursive: true });
  await Deno.mkdir(join(rootfs, "etc"), { recursive: true });
  await Deno.copyFile("/bin/busybox", join(rootfs, "bin/busybox"));
  for (const applet of APPLETS) await Deno.symlink("busybox", join(rootfs, "bin", applet));
  await Deno.writeTextFile(join(rootfs, "etc/shadow"), "root:*:1::::::\n");
  const layer = await tar(rootfs, join(folder, "layer.tar"));

  const layout = join(folder, "layout");
  const blobs = join(layout, "blobs/sha256");
  await Deno.mkdir(blobs, { recursive: true });
  const blob = async (bytes: Uint8Array<ArrayBuffer>) => {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    await Deno.writeFile(join(blobs, hash), bytes);
    return { digest: `sha256:${hash}`, size: bytes.length };
  };
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const layerBlob = await blob(await Deno.readFile(layer));
  const config = await blob(json({
    architecture: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
    os: "linux",
    config: { Env: ["PATH=/bin"], Cmd: ["/bin/sleep", "1000"] },
    rootfs: { type: "layers", diff_ids: [layerBlob.digest] },
  }));
  const manifest = await blob(json({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layerBlob }],
  }));
  await Deno.writeTextFile(join(layout, "oci-layout"), `{"imageLayoutVersion":"1.0.0"}`);
  await Deno.writeFile(
    join(layout, "index.json"),
    json({
      schemaVersion: 2,
      manifests: [{
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        ...manifest,
        annotations: { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": name },
      }],
    }),
  );
  return await tar(layout, join(folder, "image.tar"));
}

async function tar(folder: string, path: string): Promise<string> {
  const { success, stderr } = await new Deno.Command("tar", { args: ["-C", folder, "-cf", path, "."] })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return path;
}
