// Makes the system calls that no shell tool makes, for the live tests. Linked statically, so that it also runs in
// a container that holds nothing else; copied under another name it plays a server or a system tool.
// Usage: trigger COMMAND [ARGUMENT…]; exits 0 when the call was made, whatever it returned.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int is(const char *a, const char *b) { return strcmp(a, b) == 0; }

// A TCP socket listening on an address of this machine, so that a connection succeeds without a server.
static int listener(struct sockaddr_in *address) {
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)address, sizeof *address) || listen(fd, 8)) perror("listen");
	return fd;
}

static int connected(const char *host, const char *port) {
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
	inet_pton(AF_INET, host, &address.sin_addr);
	listener(&address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof address)) perror("connect");
	return fd;
}

static void execute_from_memory(char **argv) {
	char buffer[65536];
	int in = open(argv[0], O_RDONLY), out = memfd_create("payload", 0);
	for (ssize_t n; (n = read(in, buffer, sizeof buffer)) > 0;)
		if (write(out, buffer, n) != n) perror("write");
	close(in);
	fexecve(out, argv, environ);
	perror("fexecve");
}

static void attach_to_child(void) {
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	usleep(20000);
	if (ptrace(PTRACE_ATTACH, child, 0, 0) == 0) waitpid(child, NULL, __WALL);
	ptrace(PTRACE_DETACH, child, 0, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static int run(char **argv) {
	int status = 0;
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return status;
}

// A network of its own whose loopback device also has `host`: connections "outwards" stay on this machine.
static void enter_network(const char *host) {
	struct ifreq request = {.ifr_name = "lo"};
	struct sockaddr_in *address = (struct sockaddr_in *)&request.ifr_addr;
	if (unshare(CLONE_NEWNET)) perror("unshare");
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	address->sin_family = AF_INET;
	inet_pton(AF_INET, host, &address->sin_addr);
	if (ioctl(fd, SIOCSIFADDR, &request)) perror("SIOCSIFADDR");
	request.ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
	if (ioctl(fd, SIOCSIFFLAGS, &request)) perror("SIOCSIFFLAGS");
	close(fd);
}

// One-byte writes to a pipe and reads back: a flood that stays in this process.
static void flood_pipe(long rounds) {
	int fds[2];
	char byte = 0;
	if (pipe(fds)) return;
	for (long i = 0; i < rounds; i++)
		if (write(fds[1], &byte, 1) != 1 || read(fds[0], &byte, 1) != 1) return;
}

static void flood_forks(long count) {
	for (long i = 0; i < count; i++) {
		pid_t child = fork();
		if (child == 0) _exit(0);
		waitpid(child, NULL, 0);
	}
}

static void flood_connections(const char *port, long count) {
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	int server = listener(&address);
	struct linger now = {.l_onoff = 1, .l_linger = 0};
	for (long i = 0; i < count; i++) {
		int client = socket(AF_INET, SOCK_STREAM, 0);
		setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		if (connect(client, (struct sockaddr *)&address, sizeof address)) perror("connect");
		close(accept(server, NULL, NULL));
		close(client);
	}
}

int main(int argc, char **argv) {
	const char *command = argc > 1 ? argv[1] : "";
	char **rest = argv + 2;
	if (is(command, "memory") && argc > 2) execute_from_memory(rest);
	else if (is(command, "dup-socket") && argc > 4) dup2(connected(rest[0], rest[1]), atoi(rest[2]));
	else if (is(command, "connect") && argc > 3) close(connected(rest[0], rest[1]));
	else if (is(command, "attach")) attach_to_child();
	else if (is(command, "traceme")) ptrace(PTRACE_TRACEME, 0, 0, 0);
	else if (is(command, "load-module")) syscall(SYS_finit_module, open("/dev/null", O_RDONLY), "", 0);
	else if (is(command, "become-root")) { if (setuid(0)) perror("setuid"); }
	else if (is(command, "packet-socket")) socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	else if (is(command, "unshare-uts")) { if (unshare(CLONE_NEWUTS)) perror("unshare"); }
	else if (is(command, "in-network") && argc > 3) {
		enter_network(rest[0]);
		execvp(rest[1], rest + 1);
		perror("execvp");
	}
	else if (is(command, "as-user") && argc > 3) {
		if (setgid(atoi(rest[0])) || setuid(atoi(rest[0]))) perror("setuid");
		return run(rest + 1); // a child, so that its parent is that user's
	}
	else if (is(command, "open") && argc > 2) close(open(rest[0], O_RDONLY));
	else if (is(command, "truncate") && argc > 2) close(open(rest[0], O_WRONLY | O_TRUNC));
	else if (is(command, "wait-open") && argc > 3) {
		usleep(atoi(rest[0]) * 1000);
		close(open(rest[1], O_RDONLY));
	}
	else if (is(command, "run") && argc > 2) run(rest);
	else if (is(command, "flood-pipe") && argc > 2) flood_pipe(atol(rest[0]));
	else if (is(command, "flood-forks") && argc > 2) flood_forks(atol(rest[0]));
	else if (is(command, "flood-connections") && argc > 3) flood_connections(rest[0], atol(rest[1]));
	else if (is(command, "nothing")) return 0;
	else {
		fprintf(stderr, "trigger: no such command, or an argument is missing: %s\n", command);
		return 2;
	}
	return 0;
}
