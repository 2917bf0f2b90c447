// A disk that hangs: an ext4 of its own in a file, which `freeze` stops as snapshots do. Anyone who writes to it
// waits in the kernel, and no signal ends that, until `thaw`. Needs root and loop devices.

import { must, run } from "./lab.ts";

export class FrozenDisk {
  /** where it is mounted */
  readonly folder: string;
  readonly #image: string;
  #isFrozen = false;

  private constructor(image: string, folder: string) {
    this.#image = image;
    this.folder = folder;
  }

  static async make(): Promise<FrozenDisk> {
    const base = await Deno.makeTempDir({ prefix: "falco-disk-" });
    const image = `${base}/image`, folder = `${base}/disk`;
    await Deno.mkdir(folder);
    await must("truncate", "-s", "64M", image);
    await must("mkfs.ext4", "-q", image);
    await must("mount", "-o", "loop", image, folder);
    await Deno.chmod(folder, 0o700);
    return new FrozenDisk(image, folder);
  }

  async freeze(): Promise<void> {
    await must("fsfreeze", "-f", this.folder);
    this.#isFrozen = true;
  }

  async thaw(): Promise<void> {
    if (this.#isFrozen) await must("fsfreeze", "-u", this.folder);
    this.#isFrozen = false;
  }

  async remove(): Promise<void> {
    await this.thaw();
    // what waited in the kernel may still hold it for a moment
    await run("umount", "--lazy", this.folder);
    await Deno.remove(this.#image.slice(0, this.#image.lastIndexOf("/")), { recursive: true }).catch(
      () => {},
    );
  }
}

/** The reason why there is none on this machine, or null. */
export async function frozenDiskRefusal(): Promise<string | null> {
  if (Deno.uid() !== 0) return "needs root";
  for (const tool of ["mkfs.ext4", "fsfreeze", "mount"]) {
    if ((await run("sh", "-c", `command -v ${tool}`)).code !== 0) return `${tool} is not installed`;
  }
  try {
    const disk = await FrozenDisk.make();
    await disk.remove();
    return null;
  } catch {
    return "loop devices cannot be mounted";
  }
}
