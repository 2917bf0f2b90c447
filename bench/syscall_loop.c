// Times one system call in a tight loop: `syscall_loop CALL ROUNDS [FILE]` prints nanoseconds per call, the fastest of
// many short parts (so that an interrupt or another process does not count: also on a busy machine some have none). Between parts
// it waits, so that a program that watches empties its rings: an event that is dropped costs less than one that is reported.
// `syscall_loop flood SECONDS FILE` opens and closes the file as fast as it can, and prints how often.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_OF_PART = 250, ROUNDS_BETWEEN_LOOKS = 1000 };

static const struct timespec PAUSE = {.tv_nsec = 1000000};

static double now_ns(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int own_file, client, server;
static struct sockaddr_in loopback = {.sin_family = AF_INET};

/* A connection to this process itself, and a file that stays open. */
static void prepare(const char *file) {
	own_file = open(file, O_RDONLY);
	loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	socklen_t length = sizeof(loopback);
	int listening = socket(AF_INET, SOCK_STREAM, 0);
	bind(listening, (void *)&loopback, length);
	listen(listening, 1);
	getsockname(listening, (void *)&loopback, &length);
	client = socket(AF_INET, SOCK_STREAM, 0);
	connect(client, (void *)&loopback, length);
	server = accept(listening, NULL, NULL);
}

static int is(const char *name, const char *call) {
	return strcmp(name, call) == 0;
}

static void call(const char *name, const char *file) {
	char byte = 'b';
	int pair[2];
	if (is(name, "getppid")) syscall(SYS_getppid);    // of no rule's interest
	else if (is(name, "read")) pread(own_file, &byte, 1, 0);
	else if (is(name, "dup2")) dup2(own_file, own_file); // changes nothing, and is always reported
	else if (is(name, "open-missing")) open("/usr/lib/none/libnone.so.1", O_RDONLY | O_CLOEXEC);
	else if (is(name, "pipe")) {
		if (pipe2(pair, 0) == 0) close(pair[0]), close(pair[1]);
	} else if (is(name, "tcp")) {
		send(client, &byte, 1, 0);
		recv(server, &byte, 1, 0);
	} else if (is(name, "unix")) {
		close(socket(AF_UNIX, SOCK_STREAM, 0));
	} else if (is(name, "udp")) {
		int fd = socket(AF_INET, SOCK_DGRAM, 0);
		connect(fd, (void *)&loopback, sizeof(loopback));
		close(fd);
	} else if (is(name, "exec")) {
		pid_t child = vfork();
		if (child == 0) execl("/bin/true", "true", NULL), _exit(127);
		waitpid(child, NULL, 0);
	} else close(open(file, O_RDONLY));            // two reported calls, one with a path
}

static long flood(double seconds, const char *file) {
	long opens = 0;
	for (double end = now_ns() + seconds * 1e9; now_ns() < end; opens += ROUNDS_BETWEEN_LOOKS)
		for (int i = 0; i < ROUNDS_BETWEEN_LOOKS; i++) call("open-close", file);
	return opens;
}

int main(int argc, char **argv) {
	if (argc < 3) return fprintf(stderr, "usage: syscall_loop getppid|read|dup2|open-close|open-missing|pipe|tcp|unix|udp|exec ROUNDS [FILE]\n"
		"       syscall_loop flood SECONDS FILE\n"), 2;
	const char *file = argc > 3 ? argv[3] : "/dev/null";
	if (is(argv[1], "flood")) return printf("%ld\n", flood(atof(argv[2]), file)), 0;
	prepare(file);
	int rounds = is(argv[1], "exec") ? 1 : ROUNDS_OF_PART;
	long parts = atol(argv[2]) / rounds;
	double best = 1e18;
	for (long part = 0; part < parts; part++) {
		double start = now_ns();
		for (int i = 0; i < rounds; i++) call(argv[1], file);
		double each = (now_ns() - start) / rounds;
		if (each < best) best = each;
		nanosleep(&PAUSE, NULL);
	}
	printf("%.1f\n", best);
	return 0;
}
