// Kernels as Debian packages: found in releases besides the machine's own, downloaded, and taken out of the package.
// In: a folder to keep them in; the machine's own mirror. Out: paths of kernel images. Nothing is installed, and the
// machine's package lists stay as they are: apt works with a configuration of its own in that folder.

import { must } from "../../tests/live/lab.ts";

export interface Kernel {
  readonly path: string;
  /** as uname says it */
  readonly release: string;
  /** package version and release of Debian */
  readonly origin: string;
}

/** Suites of a mirror by the release that they belong to. */
const SUITES: Readonly<
  Record<string, { readonly main: readonly string[]; readonly security: readonly string[] }>
> = {
  bullseye: { main: ["bullseye"], security: ["bullseye-security"] },
  bookworm: { main: ["bookworm"], security: ["bookworm-security"] },
  "bookworm-backports": { main: ["bookworm-backports"], security: [] },
  trixie: { main: ["trixie"], security: ["trixie-security"] },
  "trixie-backports": { main: ["trixie-backports"], security: [] },
  sid: { main: ["sid"], security: [] },
};
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

export class KernelPackages {
  readonly #folder: string;
  readonly #reachable = new Set<string>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Releases that the machine's mirror does not have are left out. */
  static async open(folder: string): Promise<KernelPackages> {
    const packages = new KernelPackages(folder);
    const mirrors = await ownMirrors();
    for (const release of Object.keys(SUITES)) {
      if (await packages.#update(release, mirrors)) packages.#reachable.add(release);
      else console.error(`kernels of ${release} cannot be reached`);
    }
    return packages;
  }

  has(release: string): boolean {
    return this.#reachable.has(release);
  }

  /** @param release of Debian; by default the newest that has the package */
  async kernel(name: string, release?: string): Promise<Kernel> {
    for (const one of release === undefined ? [...this.#reachable].toReversed() : [release]) {
      const image = await this.#image(name, one);
      if (image !== undefined) return await this.#take(image, one);
    }
    throw new Error(`No release of Debian that can be reached has the package ${name}`);
  }

  /**
   * The package that holds the image. The name of a kernel without version is a package that depends on it. Since Debian's
   * 7.0 linux-image-VERSION is empty: the image is in linux-binary-VERSION, on which linux-base-VERSION depends.
   */
  async #image(name: string, release: string): Promise<string | undefined> {
    const version = /^linux-(?:image|base|binary)-(\d.*)$/.exec(name)?.[1];
    if (version !== undefined) {
      for (const kind of ["binary", "image"]) {
        if (await this.#knows(`linux-${kind}-${version}`, release)) return `linux-${kind}-${version}`;
      }
      return undefined;
    }
    const lines = await must("apt-cache", ...this.#options(release), "depends", name).catch(() => "");
    const versioned = /Depends: (linux-(?:image|base)-\S+)/.exec(lines)?.[1];
    return versioned && await this.#image(versioned, release);
  }

  async #knows(name: string, release: string): Promise<boolean> {
    return /Candidate: (?!\(none\))/.test(await must("apt-cache", ...this.#options(release), "policy", name));
  }

  async #take(image: string, release: string): Promise<Kernel> {
    const place = `${this.#folder}/${release}`;
    const shown = await must("apt-cache", ...this.#options(release), "show", "--no-all-versions", image);
    const version = /^Version: (.*)$/m.exec(shown)?.[1] ?? "?";
    const kernel = image.replace(/^linux-(image|binary)-/, "");
    const inside = image.startsWith("linux-binary-")
      ? `usr/lib/modules/${kernel}/vmlinuz`
      : `boot/vmlinuz-${kernel}`;
    const path = `${place}/${inside}`;
    const taken = `${path}.version`;
    if (await Deno.readTextFile(taken).catch(() => "") !== version) {
      await must("sh", "-c", 'cd "$0" && apt-get "$@"', place, ...this.#options(release), "download", image);
      const [file] = [...Deno.readDirSync(place)].filter(({ name }) => name.startsWith(`${image}_`));
      await must(
        "sh",
        "-c",
        'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$0" "./$2" && rm "$1"',
        place,
        `${place}/${file!.name}`,
        inside,
      );
      await Deno.writeTextFile(taken, version);
    }
    return { path, release: kernel, origin: `${version}, ${release}` };
  }

  async #update(release: string, mirrors: Mirrors): Promise<boolean> {
    const place = `${this.#folder}/${release}`;
    for (const folder of ["lists/partial", "cache/archives/partial"]) {
      await Deno.mkdir(`${place}/${folder}`, { recursive: true });
    }
    const { main, security } = SUITES[release]!;
    const lines = [
      ...main.map((suite) => `deb [signed-by=${KEYRING}] ${mirrors.main} ${suite} main`),
      ...security.map((suite) => `deb [signed-by=${KEYRING}] ${mirrors.security} ${suite} main`),
    ];
    await Deno.writeTextFile(`${place}/sources.list`, lines.join("\n") + "\n");
    return await must("apt-get", ...this.#options(release), "--error-on=any", "update").then(
      () => true,
      () => false,
    );
  }

  #options(release: string): string[] {
    const place = `${this.#folder}/${release}`;
    return [
      `Dir::Etc::sourcelist=${place}/sources.list`,
      "Dir::Etc::sourceparts=-",
      `Dir::State::lists=${place}/lists`,
      `Dir::Cache=${place}/cache`,
      // the download belongs to the user who runs this
      "APT::Sandbox::User=",
    ].flatMap((option) => ["-o", option]);
  }
}

interface Mirrors {
  readonly main: string;
  readonly security: string;
}

async function ownMirrors(): Promise<Mirrors> {
  const format = "$(ORIGIN) $(LABEL) $(REPO_URI)";
  const lines = (await must("apt-get", "indextargets", "--format", format, "Created-By: Packages")).split(
    "\n",
  );
  const uriOf = (label: string) =>
    lines.find((line) => line.startsWith(`Debian ${label} `))?.split(" ").at(-1);
  const [main, security] = [uriOf("Debian"), uriOf("Debian-Security")];
  if (main === undefined || security === undefined) {
    throw new Error("apt knows no mirror of Debian: kernels can be taken on Debian only");
  }
  return { main, security };
}
