// A steady load on the kernel: `load PREFIX EVENTS ALERTS NOISY SECONDS` makes so many system calls a second, among
// them ALERTS marked ones and NOISY others. A marked call opens PREFIX/KIND/NUMBER/TIME, which is not there; TIME is
// the clock of this host in nanoseconds just before the call. Prints what it has made, as JSON.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { TICK_NS = 1000000 };

static double seconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void mark(const char *prefix, char kind, long number) {
	char path[256];
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	snprintf(path, sizeof path, "%s/%c/%ld/%lld", prefix, kind, number, t.tv_sec * 1000000000LL + t.tv_nsec);
	open(path, O_RDONLY);
}

int main(int argc, char **argv) {
	if (argc < 6) return fprintf(stderr, "usage: load PREFIX EVENTS ALERTS NOISY SECONDS\n"), 2;
	double events_rate = atof(argv[2]), alerts_rate = atof(argv[3]), noisy_rate = atof(argv[4]), limit = atof(argv[5]);
	long events = 0, alerts = 0, noisy = 0;
	double start = seconds(), now = 0;
	struct timespec next;
	clock_gettime(CLOCK_MONOTONIC, &next);
	while ((now = seconds() - start) < limit) {
		while (alerts < alerts_rate * now) mark(argv[1], 'a', ++alerts), events++;
		while (noisy < noisy_rate * now) mark(argv[1], 'n', ++noisy), events++;
		// a machine that cannot keep up makes fewer; it must not be kept from the marked calls
		for (double end = now + 0.02; events < events_rate * now && seconds() - start < end;)
			for (int i = 0; i < 25; i++) close(open("/dev/null", O_RDONLY)), events += 2;
		next.tv_nsec += TICK_NS;
		if (next.tv_nsec >= 1000000000) next.tv_sec++, next.tv_nsec -= 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
	}
	printf("{\"events\":%ld,\"alerts\":%ld,\"noisy\":%ld,\"seconds\":%.3f}\n", events, alerts, noisy, seconds() - start);
	return 0;
}
