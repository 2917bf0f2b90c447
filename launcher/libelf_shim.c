// What Debian's static libelf needs to become a shared library for old hosts: its errors, which are built for
// executables only, and `fstat`, which newer C libraries export under a version that glibc 2.28 does not have.
// Linked in front of libelf.a (scripts/compile/bundled_libraries.ts).
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static __thread int last;

void __libelf_seterrno(int code)
{
	last = code;
}

int elf_errno(void)
{
	int code = last;

	last = 0;
	return code;
}

/** libbpf prints it next to its own words; the codes are in no header. */
const char *elf_errmsg(int code)
{
	return code == 0 ? 0 : "the ELF file cannot be read";
}

__attribute__((visibility("hidden"))) int fstat(int fd, struct stat *facts)
{
	return (int)syscall(SYS_newfstatat, fd, "", facts, AT_EMPTY_PATH);
}
