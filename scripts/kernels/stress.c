// stress SECONDS: processes that each make calls about files of their own only, whose names say whose they are, so that
// an event that mixes two of them shows. Some run at low priority, some wake up at real-time priority in the middle of the
// others' calls, and all share few CPUs: what a kernel that preempts tracing programs needs to mix them.
// Out: a line "@@made NAME OPENS EXECS" for each, so that what is missing among the events can be counted.
// Elsewhere: the events of this run, evaluated line by line (integrity.awk).
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS 12
#define NAME_BYTES 180 /* of a file's name, after the folder */
#define OPENS_PER_EXEC 400

static void prioritise(int worker)
{
	struct sched_param none = {0}, realtime = {.sched_priority = 10};
	if (worker % 3 == 1)
		sched_setscheduler(0, SCHED_IDLE, &none);
	else if (worker % 3 == 2)
		sched_setscheduler(0, SCHED_FIFO, &realtime);
}

/* A program whose path and argument are the worker's letters: its name comes with the path. */
static int run(const char *program, const char *argument)
{
	pid_t child = fork();
	if (child == 0) {
		execl(program, program, argument, (char *)NULL);
		_exit(127);
	}
	int status = 0;
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void work(int worker, time_t end)
{
	char letter = 'A' + worker, folder[16], path[256], program[64], argument[128];
	snprintf(folder, sizeof folder, "/tmp/d%c", letter);
	int n = snprintf(path, sizeof path, "%s/", folder);
	memset(path + n, letter, NAME_BYTES);
	path[n + NAME_BYTES] = 0;
	snprintf(program, sizeof program, "%s/w%c", folder, letter);
	memset(argument, letter, sizeof argument - 1);
	argument[sizeof argument - 1] = 0;
	prioritise(worker);
	unsigned long opens = 0, execs = 0;
	struct timespec nap = {.tv_nsec = 150 * 1000};
	while (time(NULL) < end) {
		for (int i = 0; i < 5; i++, opens++)
			close(open(path, O_RDONLY));
		if (opens % OPENS_PER_EXEC == 0)
			execs += run(program, argument);
		if (worker % 3 == 2)
			nanosleep(&nap, NULL);
	}
	printf("@@made w%c %lu %lu\n", letter, opens, execs);
	fflush(stdout);
	exit(0);
}

static void copy(const char *from, const char *to)
{
	static char bytes[1 << 16];
	int in = open(from, O_RDONLY), out = open(to, O_CREAT | O_WRONLY | O_TRUNC, 0755);
	for (ssize_t n; (n = read(in, bytes, sizeof bytes)) > 0;)
		if (write(out, bytes, n) != n)
			_exit(1);
	close(in);
	close(out);
}

int main(int argc, char **argv)
{
	if (argc == 2 && argv[1][0] >= 'A')
		return 0; /* what a worker runs */
	if (argc == 3)
		work(strrchr(argv[0], 'w')[1] - 'A', atol(argv[2]));
	time_t end = time(NULL) + atoi(argv[1]);
	for (int i = 0; i < WORKERS; i++) {
		char folder[16], program[64], seconds[16];
		snprintf(folder, sizeof folder, "/tmp/d%c", 'A' + i);
		snprintf(program, sizeof program, "%s/w%c", folder, 'A' + i);
		snprintf(seconds, sizeof seconds, "%ld", (long)end);
		mkdir(folder, 0755);
		copy("/proc/self/exe", program);
		/* as a program of its own, so that its name is the worker's */
		if (fork() == 0) {
			execl(program, program, "0", seconds, (char *)NULL);
			_exit(127);
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
