// Writes to files that reach a process in every way there is: filtered_writes SPARED WANTED ROUND
// SPARED is a file whose open the filter leaves out, WANTED one that a rule asks for. Every write has a length of its own; a line on
// standard output tells it and whether the reader can know the file: "LENGTH known|unknown HOW".
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *spared, *wanted;
static size_t length = 30000; /* other programs seldom write as much at once */
static char bytes[1 << 16];

static void write_to(int fd, const char *known, const char *how)
{
	length++;
	if (write(fd, bytes, length) != (ssize_t)length) {
		perror(how);
		exit(1);
	}
	printf("%zu %s %s\n", length, known, how);
	fflush(stdout);
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_APPEND);
	if (fd < 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

/* What `use` does in a child; the length goes on in the parent. */
static void in_child(int fd, const char *known, const char *how)
{
	pid_t child = fork();
	if (child == 0) {
		write_to(fd, known, how);
		exit(0);
	}
	waitpid(child, NULL, 0);
	length++;
}

static void executed(int fd, const char *known)
{
	pid_t child = fork();
	if (child == 0) {
		char number[16], from[16];
		snprintf(number, sizeof(number), "%d", fd);
		snprintf(from, sizeof(from), "%zu", length);
		execl("/proc/self/exe", "filtered_writes", "write", number, from, known, NULL);
		exit(1);
	}
	waitpid(child, NULL, 0);
	length++;
}

static int received(int fd)
{
	int pair[2];
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	char byte = 'b', control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec data = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	sendmsg(pair[0], &message, 0);
	recvmsg(pair[1], &message, 0);
	int got;
	memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	close(pair[0]);
	close(pair[1]);
	return got;
}

static int fetched(int fd)
{
	int pidfd = syscall(SYS_pidfd_open, getpid(), 0);
	int got = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	close(pidfd);
	return got;
}

/* An open that no system call shows: by a ring of io_uring. -1 where there is none. */
static int opened_unseen(const char *path)
{
	struct io_uring_params given = {0};
	int ring = syscall(SYS_io_uring_setup, 1, &given);
	if (ring < 0)
		return -1;
	char *queue = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	char *results = given.features & IORING_FEAT_SINGLE_MMAP
				? queue
				: mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	struct io_uring_sqe *entry = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	memset(entry, 0, sizeof(*entry));
	entry->opcode = IORING_OP_OPENAT;
	entry->fd = AT_FDCWD;
	entry->addr = (unsigned long)path;
	entry->open_flags = O_RDWR | O_APPEND;
	((unsigned *)(queue + given.sq_off.array))[0] = 0;
	__atomic_store_n((unsigned *)(queue + given.sq_off.tail), 1, __ATOMIC_RELEASE);
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	int fd = ((struct io_uring_cqe *)(results + given.cq_off.cqes))->res;
	close(ring);
	return fd;
}

static void copies(const char *path, const char *known)
{
	int fd = open_file(path);
	write_to(fd, known, "opened");
	int copy = dup(fd);
	write_to(copy, known, "dup");
	write_to(dup2(fd, 60), known, "dup2");
	write_to(fcntl(fd, F_DUPFD, 70), known, "fcntl");
	close(fd);
	write_to(copy, known, "copy of a number that is closed");
	int input = dup(0);
	write_to(dup2(copy, 0), known, "standard input");
	dup2(input, 0);
	in_child(copy, known, "child");
	executed(copy, known);
	if (path == spared) {
		char again[64];
		snprintf(again, sizeof(again), "/proc/self/fd/%d", copy);
		int second = open_file(again);
		write_to(second, known, "opened by its number");
		close(second);
	}
	syscall(SYS_close_range, 50, 80, 0);
	close(copy);
	close(input);
}

static void handed(void)
{
	int fd = open_file(spared);
	int got = received(fd);
	write_to(got, "known", "received");
	write_to(fd, "known", "sent");
	close(got);
	close(fd);
	fd = open_file(spared);
	got = fetched(fd);
	if (got >= 0)
		write_to(got, "known", "fetched");
	close(got);
	close(fd);
	write_to(fd = open_file(spared), "unknown", "opened again");
	close(fd);
}

/* The kernel gives the next file the number and, as a rule, the memory of the one before. */
static void reused(void)
{
	for (int turn = 0; turn < 20; turn++) {
		int fd = open_file(spared);
		write_to(fd, "unknown", "before one that is wanted");
		turn & 1 ? syscall(SYS_close_range, fd, fd, 0) : close(fd);
		write_to(fd = open_file(wanted), "known", "in its place");
		close(fd);
		close(open_file(spared));
		fd = openat(AT_FDCWD, wanted, O_RDWR | O_APPEND | O_CREAT, 0600);
		write_to(fd, "known", "in its place, by other flags");
		close(fd);
		close(open_file(spared));
		fd = opened_unseen(wanted);
		if (fd >= 0)
			write_to(fd, "known", "in its place, unseen");
		close(fd);
		close(open_file(spared));
		fd = memfd_create("m", 0);
		write_to(fd, "known", "in its place, of memory");
		close(fd);
		int pair[2];
		close(open_file(spared));
		pipe(pair);
		close(pair[0]);
		close(pair[1]);
		write_to(fd = open_file(wanted), "known", "in place of a pipe");
		close(fd);
	}
}

int main(int argc, char **argv)
{
	if (argc > 4 && strcmp(argv[1], "write") == 0) {
		length = atol(argv[3]);
		write_to(atoi(argv[2]), argv[4], "executed");
		return 0;
	}
	if (argc < 4)
		return 2;
	spared = argv[1];
	wanted = argv[2];
	int before = open_file(spared);
	int ready = getchar(); /* from here on the probe watches */
	if (ready == EOF)
		return 2;
	write_to(before, "known", "open before the probe came");
	for (int round = atoi(argv[3]); round > 0; round--) {
		copies(spared, "unknown");
		copies(wanted, "known");
		handed();
		reused();
	}
	return 0;
}
