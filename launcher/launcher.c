// The head of the one-file executable: starts the JavaScript runtime and the program that lie behind it in the same
// file, without writing to a disk.
// In: its own file: launcher · runtime · program · assets · libgcc · trailer. Out: the runtime, executed from a memory
// file, with the program at descriptor 100 and the assets at descriptor 101 (assets/assets.ts reads them there), SIGUSR1
// blocked and an environment of its own.
// Elsewhere: putting the file together (scripts/compile/executable.ts), the environment (environment.c).
#define _GNU_SOURCE
#include "launcher.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROGRAM_FD 100
#define ASSETS_FD 101
#define LIBGCC_FD 102
/** so many that the runtime starts; watching takes more, and says how many (sources/live/open_files.ts) */
#define LEAST_OPEN_FILES 128
#define QUOTE_(number) #number
#define QUOTE(number) QUOTE_(number)
#define UNPACK_VARIABLE "FALCO_UNPACK_DIR"

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

static _Noreturn void fail(const char *what, const char *remedy)
{
	int code = errno;

	fprintf(stderr, "Error: %s%s%s\n  remedy: %s\n", what, code ? ": " : "", code ? strerror(code) : "", remedy);
	exit(1);
}

static int open_self(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	// without /proc the kernel still tells by which path the file was started
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
			fail(what, errno == EIO ? "the file is cut short: copy it anew" :
						  "give the machine or the container 120 MB more memory");
		bytes -= (uint64_t)n;
	}
}

/** An empty file in memory; where the kernel or a sandbox refuses it, a deleted one in the folder of the variable. */
static int memory_file(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);
	const char *folder = getenv(UNPACK_VARIABLE);
	char path[4096];

	if (fd >= 0 && !folder)
		return fd;
	if (!folder)
		fail("cannot make a file in memory (memfd_create)",
		     "allow the call, or set " UNPACK_VARIABLE " to a folder on a mount that may execute files");
	if (fd >= 0)
		close(fd);
	snprintf(path, sizeof(path), "%s/%s.XXXXXX", folder, name);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		fail("cannot unpack into the folder of " UNPACK_VARIABLE, "choose a folder that can be written");
	fchmod(fd, 0700);
	unlink(path);
	return fd;
}

/** The kernel executes no file of a disk that is open for writing. */
static int read_only(int fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int again = open(path, O_RDONLY | O_CLOEXEC);

	if (again < 0)
		fail("cannot open the unpacked runtime", "mount /proc");
	close(fd);
	return again;
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

static char **arguments(int argc, char **argv)
{
	static char *const fixed[] = {
		"run",	      "--allow-all", "--no-config", "--no-lock",	 "--no-code-cache",
		"--no-remote", "--no-npm",    "--quiet",     "--ext=js", "/proc/self/fd/100",
	};
	const size_t count = sizeof(fixed) / sizeof(*fixed);
	char **all = calloc((size_t)argc + count + 2, sizeof(*all));

	if (!all)
		fail("out of memory", "give the machine or the container more memory");
	all[0] = argv[0];
	memcpy(all + 1, fixed, sizeof(fixed));
	for (int i = 1; i < argc; i++)
		all[count + (size_t)i] = argv[i];
	return all;
}

/** At SIGUSR1 the runtime opens a debugger on loopback, for everybody. Threads begin with the mask of their maker. */
static void block_debugger_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/** The soft limit is for programs that use select(2). */
static void raise_open_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max < LEAST_OPEN_FILES)
		fail("the limit of open files is too low",
		     "raise the hard limit to " QUOTE(LEAST_OPEN_FILES) " at least, better 65536: LimitNOFILE= (systemd), "
		     "--ulimit nofile= (docker, podman), ulimit -Hn (shell)");
}

int main(int argc, char **argv)
{
	struct trailer trailer;
	struct stat facts;

	block_debugger_signal();
	// whoever calls it chooses its settings, which name programs to start
	if (getauxval(AT_SECURE))
		fail("falco refuses to run with rights that its caller does not have (set-user-ID or file capabilities)",
		     "take them away (chmod u-s,g-s; setcap -r), and start it as a service or with sudo");
	raise_open_files();
	int self = open_self();

	if (fstat(self, &facts) ||
	    pread(self, &trailer, sizeof(trailer), facts.st_size - (off_t)sizeof(trailer)) != sizeof(trailer) ||
	    memcmp(trailer.magic, MAGIC, sizeof(MAGIC)))
		fail("the executable is incomplete", "copy it anew");
	if (access("/proc/self/fd", F_OK))
		fail("there is no /proc", "mount it: mount -t proc proc /proc");
	check_libc();

	off_t libgcc_at = facts.st_size - (off_t)sizeof(trailer) - (off_t)trailer.libgcc_bytes;
	off_t assets_at = libgcc_at - (off_t)trailer.assets_bytes;
	off_t program_at = assets_at - (off_t)trailer.program_bytes;
	off_t runtime_at = program_at - (off_t)trailer.runtime_bytes;
	int runtime = memory_file("falco"), program = memory_file("falco-program"), assets = memory_file("falco-assets");

	copy(self, runtime_at, trailer.runtime_bytes, runtime, "cannot put the runtime into memory");
	runtime = read_only(runtime);
	copy(self, program_at, trailer.program_bytes, program, "cannot put the program into memory");
	copy(self, assets_at, trailer.assets_bytes, assets, "cannot put the assets into memory");
	keep_at(program, PROGRAM_FD);
	keep_at(assets, ASSETS_FD);

	const char *preload = NULL;

	if (!has_libgcc()) {
		int libgcc = memory_file("falco-libgcc");

		copy(self, libgcc_at, trailer.libgcc_bytes, libgcc, "cannot put libgcc into memory");
		keep_at(libgcc, LIBGCC_FD);
		preload = "LD_PRELOAD=/proc/self/fd/102";
	}
	char **args = arguments(argc, argv), **environment = runtime_environment(environ, preload);

	if (!environment)
		fail("out of memory", "give the machine or the container more memory");
	syscall(SYS_execveat, runtime, "", args, environment, AT_EMPTY_PATH);
	fail("cannot start the runtime from memory",
	     "set " UNPACK_VARIABLE " to a folder on a mount that may execute files");
}
