// Loads as hosts have them: a compile, many small files read, a package that is installed, a repository that is cloned; and none.
// In: a folder that is theirs alone. Out: scripts, one to prepare and one to run as often as wanted; nothing is left outside of the folder, and
// nothing needs a network. Elsewhere: what is measured meanwhile (loads.ts).

export interface Load {
  readonly name: string;
  /** once; the folder is `$0` */
  readonly prepare: string;
  readonly run: string;
}

const SOURCES = 100;
const IDLE_SECONDS = 10;
const FILES_READ = 12_000;

const COMPILE: Load = {
  name: "a compile",
  prepare: `mkdir "$0/sources" && cd "$0/sources" && for i in $(seq ${SOURCES}); do
      printf '#include <stdio.h>\\n#include <stdlib.h>\\n#include <string.h>\\nint f%d(void) { return %d; }\\n' $i $i > $i.c
    done`,
  run: `cd "$0/sources" && for i in $(seq ${SOURCES}); do cc -c $i.c; done`,
};

/** The files of the host, by absolute paths; those that are large would only take time. */
const READ: Load = {
  name: "find | xargs cat",
  prepare: "true",
  run:
    `find /usr -type f -size -64k -print0 2> /dev/null | head -z -n ${FILES_READ} | xargs -0 cat > /dev/null`,
};

/** With an own root, own lists and none of the host's settings. */
const APT = `Dir::Etc::Parts "/dev/null"; Dir::Etc::SourceList "/dev/null"; Dir::Etc::SourceParts "/dev/null";
Dir::State "$0/apt/state"; Dir::State::status "$0/apt/root/var/lib/dpkg/status";
Dir::Cache "$0/apt/cache"; Dir::Log "$0/apt/log"; Debug::NoLocking "1"; APT::Sandbox::User "root";
DPkg::Options { "--root=$0/apt/root"; "--log=/dev/null"; };`;

const INSTALL: Load = {
  name: "apt-get install",
  prepare: `mkdir -p "$0/package/DEBIAN" && cd "$0" && for i in $(seq 100); do
      mkdir -p package/usr/share/measured/$i && for j in $(seq 10); do echo $i > package/usr/share/measured/$i/$j; done
    done &&
    printf '%s\\n' 'Package: measured' 'Version: 1' 'Architecture: all' 'Maintainer: nobody' 'Description: files' > package/DEBIAN/control &&
    dpkg-deb --build package measured.deb > /dev/null && cat > apt.conf << END
${APT}
END`,
  run:
    `cd "$0" && rm -rf apt && mkdir -p apt/root/var/lib/dpkg/info apt/root/var/lib/dpkg/updates apt/root/var/lib/dpkg/triggers \
      apt/state/lists/partial apt/cache/archives/partial apt/log && : > apt/root/var/lib/dpkg/status &&
    APT_CONFIG="$0/apt.conf" apt-get install -y "$0/measured.deb" > /dev/null`,
};

const GIT = "git -c user.name=nobody -c user.email=nobody@localhost";

const CLONE: Load = {
  name: "git clone",
  prepare: `mkdir "$0/repository" && cd "$0/repository" && for i in $(seq 200); do
      mkdir $i && for j in $(seq 10); do echo $i $j > $i/$j; done
    done && git init -q && git add . && ${GIT} commit -q -m files`,
  run: `cd "$0" && rm -rf clone && git clone -q --no-local repository clone`,
};

/** What a program that watches takes all the same. */
const NOTHING: Load = {
  name: `nothing for ${IDLE_SECONDS} s`,
  prepare: "true",
  run: `sleep ${IDLE_SECONDS}`,
};

export const LOADS: readonly Load[] = [COMPILE, READ, INSTALL, CLONE, NOTHING];
