// The head of the one-file executable: starts the JavaScript runtime and the program that follow it in the same
// file, without writing to a disk or into memory.
// In: its own file: launcher · runtime · program · assets · libgcc · trailer. Out: the runtime, in this process, with the
// program as its argument, signals blocked and an environment of its own. The assets are read by the program from
// /proc/self/exe, which goes on to be this file (assets/archive.ts).
// Elsewhere: putting the file together (scripts/compile/executable.ts), the environment (environment.c), signals and
// limits (start_state.c), becoming the runtime (user_exec.c).
#define _GNU_SOURCE
#include "launcher.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LIBGCC_FD 102

static const char MAGIC[8] = "FALCO\0\0\1";
/** of the runtime and of libbpf */
static const char NEEDED_GLIBC[] = "GLIBC_2.28";

struct trailer {
	uint64_t runtime_bytes;
	uint64_t program_bytes;
	uint64_t assets_bytes;
	uint64_t libgcc_bytes;
	char magic[8];
};

char **environ_at_start;

_Noreturn void fail(const char *what, const char *remedy)
{
	int code = errno;

	fprintf(stderr, "Error: %s%s%s\n  remedy: %s\n", what, code ? ": " : "", code ? strerror(code) : "", remedy);
	exit(1);
}

static int open_self(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	// without /proc the kernel still passes the path by which the file was started
	if (fd < 0)
		fd = open((const char *)getauxval(AT_EXECFN), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("cannot open the executable itself", "mount /proc, or start falco by its absolute path");
	return fd;
}

static void copy(int from, off_t at, uint64_t bytes, int to, const char *what)
{
	while (bytes > 0) {
		ssize_t n = sendfile(to, from, &at, bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			fail(what, errno == EIO ? "the file is cut short: copy it again" :
						  "give the machine or the container more memory");
		bytes -= (uint64_t)n;
	}
}

static void keep_at(int fd, int number)
{
	if (dup2(fd, number) < 0)
		fail("cannot keep a file open", "raise the limit of open files (ulimit -n) above 101");
	close(fd);
}

static const char *first_of(const char *const *paths)
{
	for (; *paths; paths++)
		if (!access(*paths, R_OK))
			return *paths;
	return NULL;
}

/** Says what is missing where the dynamic loader would only print a riddle. */
static void check_libc(void)
{
	static const char *const places[] = {
		"/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libc.so.6",
		"/lib64/libc.so.6",		   "/usr/lib64/libc.so.6",
		"/lib/aarch64-linux-gnu/libc.so.6", "/usr/lib/libc.so.6",
		NULL,
	};
	const char *place = first_of(places);
	struct stat facts;
	int fd;

	if (!place || (fd = open(place, O_RDONLY | O_CLOEXEC)) < 0)
		return; // the loader knows more places
	void *text = fstat(fd, &facts) ? MAP_FAILED : mmap(0, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	errno = 0;
	if (text != MAP_FAILED && !memmem(text, (size_t)facts.st_size, NEEDED_GLIBC, sizeof(NEEDED_GLIBC)))
		fail("the C library of this host is too old", "run falco on a Linux with glibc 2.28 or newer");
	close(fd);
}

/** The one library of the runtime that is not glibc's: minimal images go without it. */
static bool has_libgcc(void)
{
	static const char *const places[] = {
		"/lib/x86_64-linux-gnu/libgcc_s.so.1", "/usr/lib/x86_64-linux-gnu/libgcc_s.so.1",
		"/lib64/libgcc_s.so.1",		       "/usr/lib64/libgcc_s.so.1",
		"/lib/aarch64-linux-gnu/libgcc_s.so.1", "/usr/lib/libgcc_s.so.1",
		NULL,
	};

	return first_of(places);
}

/** The module that evaluates the program, as an address (launcher/loader.js). */
static char *read_program(int self, off_t at, uint64_t bytes)
{
	char *text = calloc(bytes + 1, 1);

	if (!text)
		fail("out of memory", "give the machine or the container more memory");
	if (pread(self, text, bytes, at) != (ssize_t)bytes)
		fail("the executable is incomplete", "copy it again");
	return text;
}

static char **arguments(int argc, char **argv, char *program)
{
	static char *const fixed[] = {
		"run",		   "--allow-all", "--no-config", "--no-lock", "--no-code-cache",
		"--no-remote", "--no-npm",    "--quiet",
	};
	const size_t count = sizeof(fixed) / sizeof(*fixed);
	char **all = calloc((size_t)argc + count + 2, sizeof(*all));

	if (!all)
		fail("out of memory", "give the machine or the container more memory");
	all[0] = argv[0];
	memcpy(all + 1, fixed, sizeof(fixed));
	all[count + 1] = program;
	for (int i = 1; i < argc; i++)
		all[count + 1 + (size_t)i] = argv[i];
	return all;
}

int main(int argc, char **argv)
{
	struct trailer trailer;
	struct stat facts;

	environ_at_start = environ;
	block_signals();
	// its caller chooses its settings, which name programs to start
	if (getauxval(AT_SECURE))
		fail("falco refuses to run with rights that its caller does not have (set-user-ID or file capabilities)",
		     "take them away (chmod u-s,g-s; setcap -r), and start it as a service or with sudo");
	check_start_state();
	int self = open_self();

	if (fstat(self, &facts) ||
	    pread(self, &trailer, sizeof(trailer), facts.st_size - (off_t)sizeof(trailer)) != sizeof(trailer) ||
	    memcmp(trailer.magic, MAGIC, sizeof(MAGIC)))
		fail("the executable is incomplete", "copy it again");
	if (access("/proc/self/fd", F_OK))
		fail("there is no /proc", "mount it: mount -t proc proc /proc");
	check_libc();

	off_t libgcc_at = facts.st_size - (off_t)sizeof(trailer) - (off_t)trailer.libgcc_bytes;
	off_t assets_at = libgcc_at - (off_t)trailer.assets_bytes;
	off_t program_at = assets_at - (off_t)trailer.program_bytes;
	off_t runtime_at = program_at - (off_t)trailer.runtime_bytes;
	char *program = read_program(self, program_at, trailer.program_bytes);
	const char *preload = NULL;

	if (!has_libgcc()) {
		int libgcc = memfd_create("falco-libgcc", MFD_CLOEXEC);

		if (libgcc < 0)
			fail("cannot make a file in memory (memfd_create) for libgcc_s.so.1",
			     "install it (libgcc-s1, libgcc), or allow the call");
		copy(self, libgcc_at, trailer.libgcc_bytes, libgcc, "cannot put libgcc into memory");
		keep_at(libgcc, LIBGCC_FD);
		preload = "LD_PRELOAD=/proc/self/fd/102";
	}
	char **args = arguments(argc, argv, program), **environment = runtime_environment(environ, preload);

	if (!environment)
		fail("out of memory", "give the machine or the container more memory");
	user_exec(self, runtime_at, args, environment);
}
