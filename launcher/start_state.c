// What a process is started with and keeps, made fit for the runtime: signals, limits, the working folder.
// In: what the caller left. Out: the same with the signals that must not end falco blocked and no others, and with limits
// as high as they may be; or an end that says which is too low. The runtime itself would only crash.
// Elsewhere: limits that depend on what is watched (sources/live/open_files.ts), signals of the source tree
// (ffi/relaunch.ts).
#define _GNU_SOURCE
#include "launcher.h"
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

struct need {
	int resource;
	/** 0: falco goes on with any */
	rlim_t least;
	/** the soft limit is raised to it, as far as the hard one allows */
	rlim_t wanted;
	const char *problem, *remedy;
};

static const struct need NEEDS[] = {
	// The soft limit is for programs that use select(2). Watching takes more, and says how many.
	{ RLIMIT_NOFILE, 128, RLIM_INFINITY, "the limit of open files is too low",
	  "raise the hard limit to 128 at least, better 65536: LimitNOFILE= (systemd), "
	  "--ulimit nofile= (docker, podman), ulimit -Hn (shell)" },
	// V8 reserves 32 GiB of addresses, which are no memory
	{ RLIMIT_AS, 40ULL << 30, RLIM_INFINITY, "the limit of address space is too low",
	  "lift it: LimitAS=infinity (systemd), ulimit -v unlimited (shell); bound memory by MemoryMax= (systemd) or "
	  "--memory (docker, podman)" },
	{ RLIMIT_DATA, 4ULL << 30, RLIM_INFINITY, "the limit of data is too low",
	  "lift it: LimitDATA=infinity (systemd), ulimit -d unlimited (shell); bound memory by MemoryMax= (systemd) or "
	  "--memory (docker, podman)" },
	// Threads take the soft limit for their own size, so no more than is usual
	{ RLIMIT_STACK, 1 << 20, 8 << 20, "the limit of the stack is too low",
	  "raise the hard limit to 8 MiB: LimitSTACK= (systemd), --ulimit stack= (docker, podman), ulimit -Hs (shell)" },
	{ RLIMIT_CPU, 0, RLIM_INFINITY, NULL, NULL },
	// libraries become files in memory
	{ RLIMIT_FSIZE, 8 << 20, RLIM_INFINITY, "the limit of file sizes is too low",
	  "lift it: LimitFSIZE=infinity (systemd), ulimit -f unlimited (shell)" },
};

static void raise_limit(const struct need *need)
{
	struct rlimit limit;

	if (getrlimit(need->resource, &limit))
		return;
	rlim_t wanted = need->wanted < limit.rlim_max ? need->wanted : limit.rlim_max;

	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = wanted;
		setrlimit(need->resource, &limit);
	}
	if (limit.rlim_cur < need->least)
		fail(need->problem, need->remedy);
}

void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	// the runtime opens a debugger on loopback, for all users
	sigaddset(&set, SIGUSR1);
	// a file that may not grow is an error of that output, and not the end of falco
	sigaddset(&set, SIGXFSZ);
	// no others: with SIGTERM blocked by its caller, falco could not be stopped. Threads begin with the mask of their maker.
	sigprocmask(SIG_SETMASK, &set, NULL);
}

void check_start_state(void)
{
	char folder[1];

	for (size_t i = 0; i < sizeof(NEEDS) / sizeof(*NEEDS); i++)
		raise_limit(NEEDS + i);
	errno = 0;
	if (!getcwd(folder, sizeof(folder)) && errno == ENOENT)
		fail("the working folder has been removed", "go to one that is there: cd /");
	errno = 0;
}
