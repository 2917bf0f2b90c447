// File systems whose files the kernel makes up: reading one may wait for ever or change something.
// In: the magic number that statfs gives.

const MADE_UP: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0xcafe4a11, // bpf
  0x62656570, // configfs
  0xde5e81e4, // efivarfs
  0x6165676c, // pstore
  0xf97cff8c, // selinux
  0x1cd1, // devpts
]);

export const STATFS_BYTES = 256;

/** @param magic the first number of struct statfs */
export function isMadeUpFileSystem(magic: number): boolean {
  return MADE_UP.has(magic);
}
