// What each format of packages needs from the system.

import { type Need, runs } from "../compile/toolchain.ts";
import type { PackageFormat } from "./files.ts";

export const PACKAGE_NEEDS: Readonly<Record<PackageFormat, Need>> = {
  deb: {
    what: "dpkg-deb, for the Debian package",
    isMet: () => runs("dpkg-deb", "--version"),
    packages: { apt: "dpkg", dnf: "dpkg", apk: "dpkg", pacman: "dpkg" },
  },
  rpm: {
    what: "rpmbuild, for the rpm package",
    isMet: () => runs("rpmbuild", "--version"),
    packages: { apt: "rpm", dnf: "rpm-build", apk: "rpm", pacman: "rpm-tools" },
  },
};
