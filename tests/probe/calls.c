/*
 * Makes the system calls that the probe has programs for, most of them once and with arguments that can be recognised.
 * In: an empty folder as the only argument. Out: nothing; the exit code is 0 when it came to its end.
 * The tests look for what it does in the events (events_test.ts). Calls that would change the machine are made to fail.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALL(name, ...) syscall(SYS_##name, ##__VA_ARGS__)
#define HERE AT_FDCWD

static char buffer[4096];

static void files(void)
{
	int fd = CALL(open, "first", O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0640);
	CALL(write, fd, "hello", 5);
	CALL(pwrite64, fd, "xy", 2, 1L);
	CALL(lseek, fd, 0L, SEEK_SET);
	CALL(read, fd, buffer, 10L);
	CALL(pread64, fd, buffer, 3L, 1L);
	struct iovec parts[3] = {{"ab", 2}, {"cde", 3}, {buffer, 200}};
	CALL(writev, fd, parts, 3);
	CALL(pwritev, fd, parts, 2, 0L, 0L);
	struct iovec room[2] = {{buffer, 3}, {buffer + 100, 60}};
	CALL(lseek, fd, 0L, SEEK_SET);
	CALL(readv, fd, room, 2);
	CALL(preadv, fd, room, 1, 2L, 0L);
	CALL(dup, fd);
	CALL(dup2, fd, 50);
	CALL(dup3, fd, 51, O_CLOEXEC);
	CALL(fcntl, fd, F_DUPFD_CLOEXEC, 60L);
	int pair[2];
	CALL(pipe, pair);
	CALL(pipe2, pair, O_CLOEXEC | O_NONBLOCK);
	CALL(close_range, 100, 200, 0);
	CALL(fstat, fd, buffer);
	CALL(flock, fd, 2 | 4);
	CALL(ioctl, fd, 0x5401L, buffer);
	CALL(fchmod, fd, 0604);
	CALL(fchown, fd, 11, 12);
	CALL(sendfile, -1, fd, NULL, 5L);
	CALL(splice, -1, NULL, -1, NULL, 5L, 1);
	CALL(copy_file_range, -1, NULL, -1, NULL, 5L, 0);
	CALL(close, fd);
	CALL(close, -1);
}

static void paths(void)
{
	CALL(creat, "made", 0600);
	CALL(openat, HERE, "missing", O_RDONLY | O_NONBLOCK);
	uint64_t how[3] = {O_RDONLY, 0, 8};
	CALL(openat2, HERE, "made", how, sizeof(how));
	CALL(openat, HERE, (char *)1, O_RDONLY); /* unreadable */
	CALL(openat, HERE, NULL, O_RDONLY);
	CALL(mkdir, "folder", 0750);
	CALL(mkdirat, HERE, "folder/inner", 0700);
	CALL(rename, "first", "second");
	CALL(renameat, HERE, "second", HERE, "third");
	CALL(renameat2, HERE, "third", HERE, "fourth", 1);
	CALL(link, "fourth", "hard");
	CALL(linkat, HERE, "fourth", HERE, "hard2", AT_SYMLINK_FOLLOW);
	CALL(symlink, "fourth", "soft");
	CALL(symlinkat, "fourth", HERE, "soft2");
	CALL(chmod, "fourth", 04711);
	CALL(fchmodat, HERE, "fourth", 0600);
	CALL(chown, "fourth", 1, 2);
	CALL(lchown, "soft", 3, 4);
	CALL(fchownat, HERE, "fourth", 5, 6, 0);
	CALL(mknod, "queue", 0010600, 0);
	CALL(mknodat, HERE, "queue2", 0010600, 0);
	CALL(stat, "fourth", buffer);
	CALL(lstat, "soft", buffer);
	CALL(newfstatat, HERE, "soft2", buffer, AT_SYMLINK_NOFOLLOW);
	CALL(access, "fourth", R_OK | W_OK);
	CALL(unlink, "hard");
	CALL(unlinkat, HERE, "folder/inner", AT_REMOVEDIR);
	CALL(chdir, "folder");
	CALL(chdir, "..");
	CALL(rmdir, "folder");
	int here = CALL(openat, HERE, ".", O_RDONLY | O_DIRECTORY);
	CALL(getdents, here, buffer, sizeof(buffer));
	CALL(getdents64, here, buffer, sizeof(buffer));
	CALL(fchdir, here);
	CALL(getcwd, buffer, sizeof(buffer));
	CALL(chroot, "/nowhere");
	CALL(mount, "none", "/nowhere", "tmpfs", 0xc0ed0003L, NULL);
	CALL(umount2, "/nowhere", 2);
	CALL(quotactl, 0x80000700, "/nowhere", 1, buffer);
	CALL(fsconfig, -1, 1, "key", "value", 0);
	CALL(open_by_handle_at, -1, buffer, 0);
}

static void sockets(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int one = 1, server = CALL(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CALL(setsockopt, server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	CALL(bind, server, &address, length);
	CALL(listen, server, 5);
	CALL(getsockname, server, &address, &length);
	int client = CALL(socket, AF_INET, SOCK_STREAM, 0);
	CALL(connect, client, &address, length);
	int peer = CALL(accept, server, NULL, NULL);
	CALL(sendto, client, "over there", 10L, 0, NULL, 0);
	CALL(recvfrom, peer, buffer, 100L, 0, NULL, NULL);
	struct iovec part = {"message", 7};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	CALL(sendmsg, client, &message, 0);
	struct iovec room = {buffer, 100};
	message.msg_iov = &room;
	CALL(recvmsg, peer, &message, 0);
	CALL(getpeername, client, &address, &length);
	socklen_t size = sizeof(one);
	CALL(getsockopt, client, SOL_SOCKET, SO_ERROR, &one, &size);
	CALL(shutdown, client, SHUT_WR);
	CALL(accept4, -1, NULL, NULL, SOCK_CLOEXEC);

	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_port = htons(4242)};
	int datagram = CALL(socket, AF_INET6, SOCK_DGRAM, 0);
	CALL(connect, datagram, &six, sizeof(six));
	struct mmsghdr several[2] = {{.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}}, {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}}};
	CALL(sendmmsg, datagram, several, 1, 0);
	CALL(recvmmsg, datagram, several, 2, MSG_DONTWAIT, NULL);

	struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "listening"};
	int listening = CALL(socket, AF_UNIX, SOCK_STREAM, 0), calling = CALL(socket, AF_UNIX, SOCK_STREAM, 0);
	CALL(bind, listening, &local, sizeof(local));
	CALL(listen, listening, 1);
	CALL(connect, calling, &local, sizeof(local));
	struct sockaddr_un abstract = {.sun_family = AF_UNIX, .sun_path = "\0nameless"};
	CALL(connect, calling, &abstract, 2 + 9);
	int pair[2];
	CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, pair);
}

static void kinds_of_fds(void)
{
	CALL(memfd_create, "kept", 1);
	CALL(eventfd, 3);
	CALL(eventfd2, 3, 04000);
	CALL(signalfd, -1, buffer + 1024, 8L);
	CALL(signalfd4, -1, buffer + 1024, 8L, 02000000);
	CALL(timerfd_create, 1, 04000);
	CALL(inotify_init);
	CALL(inotify_init1, 04000);
	CALL(epoll_create, 9);
	int waiting = CALL(epoll_create1, 02000000);
	CALL(epoll_wait, waiting, buffer, 1, 0);
	memset(buffer, 0, 256);
	CALL(io_uring_setup, 4, buffer);
	CALL(io_uring_enter, -1, 0, 0, 0, NULL, 0L);
	CALL(io_uring_register, -1, 0, NULL, 0);
	int process = CALL(pidfd_open, getpid(), 0);
	CALL(pidfd_getfd, process, 0, 0);
}

static void identity(void)
{
	CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid);
	CALL(getresuid, buffer, buffer + 4, buffer + 8);
	CALL(getresgid, buffer, buffer + 4, buffer + 8);
	CALL(setuid, 0);
	CALL(setgid, 0);
	CALL(setreuid, 0, -1);
	CALL(setregid, 0, -1);
	CALL(setresuid, 0, -1, -1);
	CALL(setresgid, 0, -1, -1);
	CALL(setpgid, 0, 0);
	CALL(setsid);
	CALL(prctl, 15, "renamed", 0, 0, 0);
	CALL(capset, NULL, NULL);
	CALL(setns, -1, 0x20000000);
	CALL(unshare, -1);
}

static void security(void)
{
	CALL(ptrace, 16, 0x3fffffff, NULL, NULL);
	CALL(bpf, 0, NULL, 0);
	CALL(init_module, "not an image", 12L, "option=1");
	CALL(finit_module, -1, "option=2", 2);
	CALL(delete_module, "no such module", 04000);
	CALL(seccomp, 99, 1, NULL);
	CALL(userfaultfd, 0x7fff);
	CALL(keyctl, 99L, 1L, 2L, 3L, 4L);
	struct iovec part = {buffer, 8};
	CALL(process_vm_readv, getpid(), &part, 1L, &part, 1L, 0L);
	CALL(process_vm_writev, getpid(), &part, 1L, &part, 1L, 0L);
	CALL(kill, getpid(), 0);
	CALL(tkill, getpid(), 0);
	CALL(tgkill, getpid(), getpid(), 0);
	uint64_t limits[2];
	CALL(prlimit64, 0, 7, NULL, limits);
	CALL(getrlimit, 7, limits);
	CALL(setrlimit, 7, limits);
}

static void memory_and_waiting(void)
{
	void *at = (void *)CALL(mmap, NULL, 4096L, 3, 0x22, -1, 0L);
	CALL(mprotect, at, 4096L, 1);
	CALL(mlock, at, 4096L);
	CALL(munlock, at, 4096L);
	CALL(mlock2, at, 4096L, 1);
	CALL(mlockall, 0);
	CALL(munlockall);
	CALL(munmap, at, 4096L);
	CALL(brk, NULL);
	struct {
		int fd;
		short wanted, got;
	} polled = {1, 4, 0};
	int64_t soon[2] = {0, 777};
	CALL(poll, &polled, 1, 0);
	CALL(ppoll, &polled, 1, soon, NULL, 0L);
	CALL(select, 0, NULL, NULL, NULL, soon);
	CALL(nanosleep, soon, NULL);
	CALL(futex, buffer, 1, 1, NULL, NULL, 0);
	CALL(semget, 0, 0, 0);
	CALL(semop, -1, buffer, 1L);
	CALL(semctl, -1, 0, 0, 0);
	CALL(sched_yield);
}

static void processes(void)
{
	char *none[] = {NULL}, *arguments[] = {"first", "second", "third words", NULL}, *variables[] = {"A=1", "B=", NULL};
	CALL(execve, "/nowhere/program", arguments, variables);
	CALL(execve, "/nowhere/program", none, NULL);
	CALL(execveat, -1, "program", arguments, variables, 0);
	if (CALL(fork) == 0)
		_exit(7);
	wait(NULL);
	if (vfork() == 0)
		_exit(8);
	wait(NULL);
	if (CALL(clone, SIGCHLD, NULL, NULL, NULL, 0L) == 0) {
		raise(SIGKILL);
		_exit(0);
	}
	wait(NULL);
	CALL(prctl, 36, 1, 0, 0, 0); /* from here on this process inherits its children's children */
	if (CALL(fork) == 0) {
		if (CALL(fork) == 0) {
			usleep(20000);
			_exit(0);
		}
		_exit(5);
	}
	wait(NULL);
	wait(NULL);
	uint64_t request[11] = {[4] = SIGCHLD};
	if (CALL(clone3, request, sizeof(request)) == 0) {
		int program = open("/bin/true", O_RDONLY);
		CALL(execveat, program, "", arguments, variables, AT_EMPTY_PATH);
		_exit(1);
	}
	wait(NULL);
}

int main(int count, char **arguments)
{
	if (count != 2 || chdir(arguments[1]))
		return 2;
	files();
	paths();
	sockets();
	kinds_of_fds();
	security();
	memory_and_waiting();
	processes();
	identity();
	return 0;
}
