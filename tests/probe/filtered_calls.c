// Makes calls about fds of all kinds, sound and hostile ones, and says of each what the kernel knows of it:
// EVENT RESULT KIND FLAG, where FLAG is c (control data came), f (connects at once), k (the reader knows the file) or -.
// The calls are made by their numbers, so each is one event. filtered_calls FOLDER
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define FAST_OPEN 0x20000000

static char told[1 << 16];
static size_t used;

/* Said at the end: what is written meanwhile would be an event, too. */
static long tell(const char *event, long result, const char *kind, char flag)
{
	used += snprintf(told + used, sizeof(told) - used, "%s %ld %s %c\n", event, result < 0 ? -(long)errno : result, kind, flag);
	return result;
}

#define CALL(event, kind, flag, number, ...) tell(event, syscall(number, __VA_ARGS__), kind, flag)

static void close_it(long fd, const char *kind, char flag)
{
	CALL("close", kind, flag, SYS_close, fd);
}

static long make_socket(int family, int type, int protocol, const char *kind)
{
	long fd = CALL("socket", kind, '-', SYS_socket, family, type, protocol);
	int one = 1;
	CALL("setsockopt", kind, '-', SYS_setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	socklen_t length = sizeof(one);
	CALL("getsockopt", kind, '-', SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, &one, &length);
	return fd;
}

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static void send_and_receive(long from, long to, const char *kind)
{
	char byte = 'x';
	CALL("sendto", kind, '-', SYS_sendto, from, &byte, 1, 0, NULL, 0);
	CALL("recvfrom", kind, '-', SYS_recvfrom, to, &byte, 1, MSG_DONTWAIT, NULL, NULL);
	CALL("recvfrom", kind, '-', SYS_recvfrom, to, &byte, 1, MSG_DONTWAIT, NULL, NULL);
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	CALL("sendmsg", kind, '-', SYS_sendmsg, from, &message, 0);
	CALL("recvmsg", kind, '-', SYS_recvmsg, to, &message, MSG_DONTWAIT);
	CALL("write", kind, '-', SYS_write, from, &byte, 1);
	CALL("read", kind, '-', SYS_read, to, &byte, 1);
}

static void over_tcp(void)
{
	long listening = make_socket(AF_INET, SOCK_STREAM, 0, "tcp");
	struct sockaddr_in address = loopback(0);
	socklen_t length = sizeof(address);
	CALL("bind", "tcp", '-', SYS_bind, listening, &address, length);
	getsockname(listening, (void *)&address, &length);
	CALL("listen", "tcp", '-', SYS_listen, listening, 8);
	long client = make_socket(AF_INET, SOCK_STREAM, 0, "tcp");
	CALL("connect", "tcp", '-', SYS_connect, client, &address, length);
	long server = CALL("accept4", "tcp", '-', SYS_accept4, listening, NULL, NULL, 0);
	send_and_receive(client, server, "tcp");
	/* what rules on reverse shells look for */
	dup2(server, 0);
	close(dup(client));
	char byte = 'f';
	CALL("sendto", "tcp", 'f', SYS_sendto, client, &byte, 1, FAST_OPEN, &address, length);
	long fast = make_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP, "tcp");
	CALL("sendto", "tcp", 'f', SYS_sendto, fast, &byte, 1, FAST_OPEN, &address, length);
	CALL("shutdown", "tcp", '-', SYS_shutdown, client, SHUT_WR);
	CALL("accept4", "tcp", '-', SYS_accept4, client, NULL, NULL, 0);
	struct sockaddr_in nobody = loopback(1);
	long refused = make_socket(AF_INET, SOCK_STREAM, 0, "tcp");
	CALL("connect", "tcp", '-', SYS_connect, refused, &nobody, length);
	long slow = make_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0, "tcp");
	CALL("connect", "tcp", '-', SYS_connect, slow, &address, length);
	long fds[] = {slow, refused, fast, server, client, listening};
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		close_it(fds[i], "tcp", '-');
}

static void other_sockets(void)
{
	long udp = make_socket(AF_INET, SOCK_DGRAM, 0, "udp");
	struct sockaddr_in address = loopback(0);
	socklen_t length = sizeof(address);
	CALL("bind", "udp", '-', SYS_bind, udp, &address, length);
	getsockname(udp, (void *)&address, &length);
	CALL("connect", "udp", '-', SYS_connect, udp, &address, length);
	send_and_receive(udp, udp, "udp");
	close_it(udp, "udp", '-');
	long raw = make_socket(AF_INET, SOCK_RAW, IPPROTO_TCP, "other");
	close_it(raw, "other", '-');
	long packets = make_socket(AF_PACKET, SOCK_DGRAM, 0, "other");
	close_it(packets, "other", '-');
	CALL("socket", "other", '-', SYS_socket, 99, SOCK_STREAM, 0);
	long netlink = make_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, "netlink");
	struct sockaddr_nl own = {.nl_family = AF_NETLINK};
	CALL("bind", "netlink", '-', SYS_bind, netlink, &own, sizeof(own));
	char byte;
	CALL("recvfrom", "netlink", '-', SYS_recvfrom, netlink, &byte, 1, MSG_DONTWAIT, NULL, NULL);
	close_it(netlink, "netlink", '-');
}

static void pass_fd(const int *pair, int passed)
{
	char byte = 'p', control[CMSG_SPACE(sizeof(int))] = {};
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &passed, sizeof(int));
	CALL("sendmsg", "unix", '-', SYS_sendmsg, pair[0], &message, 0);
	memset(control, 0, sizeof(control));
	message.msg_controllen = sizeof(control);
	CALL("recvmsg", "unix", 'c', SYS_recvmsg, pair[1], &message, 0);
	int received = -1;
	memcpy(&received, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	close_it(received, "pipe", 'k');
	/* room for control data, but none comes */
	send(pair[0], &byte, 1, 0);
	message.msg_controllen = sizeof(control);
	CALL("recvmsg", "unix", '-', SYS_recvmsg, pair[1], &message, 0);
	struct mmsghdr several = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
	send(pair[0], &byte, 1, 0);
	CALL("recvmmsg", "unix", '-', SYS_recvmmsg, pair[1], &several, 1, 0, NULL);
}

static void over_unix(const char *folder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof(address.sun_path), "%.90s/socket", folder);
	long listening = make_socket(AF_UNIX, SOCK_STREAM, 0, "unix");
	CALL("bind", "unix", '-', SYS_bind, listening, &address, sizeof(address));
	CALL("bind", "unix", '-', SYS_bind, listening, &address, sizeof(address));
	CALL("listen", "unix", '-', SYS_listen, listening, 8);
	long client = make_socket(AF_UNIX, SOCK_STREAM, 0, "unix");
	CALL("connect", "unix", '-', SYS_connect, client, &address, sizeof(address));
	CALL("connect", "unix", '-', SYS_connect, client, folder, 2);
	long server = CALL("accept4", "unix", '-', SYS_accept4, listening, NULL, NULL, 0);
	send_and_receive(client, server, "unix");
	int pair[2], ends[2], none[2];
	CALL("socketpair", "unix", '-', SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair);
	CALL("socketpair", "other", '-', SYS_socketpair, AF_INET, SOCK_STREAM, 0, none);
	CALL("pipe2", "pipe", '-', SYS_pipe2, ends, 0);
	pass_fd(pair, ends[0]);
	/* its path names a socket, but leads to none: no call about sockets takes it */
	long named = open(address.sun_path, O_PATH);
	int value;
	socklen_t length = sizeof(value);
	CALL("getsockopt", "other", '-', SYS_getsockopt, named, SOL_SOCKET, SO_ERROR, &value, &length);
	CALL("recvfrom", "other", '-', SYS_recvfrom, named, &value, 1, MSG_DONTWAIT, NULL, NULL);
	close_it(named, "other", '-');
	close_it(ends[1], "pipe", '-');
	/* the end that was passed is known by all its numbers */
	close_it(ends[0], "pipe", 'k');
	long fds[] = {pair[0], pair[1], server, client, listening};
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		close_it(fds[i], "unix", '-');
}

static void without_sockets(const char *folder)
{
	int ends[2];
	char path[200], byte = 'b';
	CALL("pipe2", "pipe", '-', SYS_pipe2, ends, O_CLOEXEC);
	CALL("pipe2", "other", '-', SYS_pipe2, (int *)8, 0);
	CALL("write", "pipe", '-', SYS_write, ends[1], &byte, 1);
	CALL("read", "pipe", '-', SYS_read, ends[0], &byte, 1);
	/* by a path a pipe is opened once more, and the reader gets to know that */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	long again = open(path, O_RDONLY | O_NONBLOCK);
	close_it(again, "pipe", 'k');
	snprintf(path, sizeof(path), "%.90s/fifo", folder);
	mkfifo(path, 0600);
	long fifo = open(path, O_RDWR);
	CALL("write", "other", '-', SYS_write, fifo, &byte, 1);
	close_it(fifo, "other", '-');
	/* one that is not left out: its path is to be shortened */
	long folder_fd = open("/./", O_RDONLY | O_DIRECTORY);
	close_it(folder_fd, "other", '-');
	close_it(ends[0], "pipe", '-');
	close_it(ends[1], "pipe", '-');
	long event = CALL("eventfd2", "anonymous", '-', SYS_eventfd2, 1, 0);
	u_int64_t eight;
	CALL("read", "anonymous", '-', SYS_read, event, &eight, 8);
	close_it(event, "anonymous", '-');
	long poll = CALL("epoll_create1", "anonymous", '-', SYS_epoll_create1, 0);
	CALL("epoll_create1", "other", '-', SYS_epoll_create1, 77);
	close_it(poll, "anonymous", '-');
	long memory = CALL("memfd_create", "file", '-', SYS_memfd_create, "x", 0);
	CALL("write", "file", '-', SYS_write, memory, &byte, 1);
	close_it(memory, "file", '-');
	struct rlimit limit;
	CALL("prlimit", "other", '-', SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit);
	CALL("prlimit", "other", '-', SYS_prlimit64, 0, 99, NULL, &limit);
	CALL("chdir", "other", '-', SYS_chdir, "/missing");
	CALL("chdir", "other", '-', SYS_chdir, "/");
}

static void strange_numbers(void)
{
	char byte;
	for (long fd = -1; fd > -4; fd--) {
		CALL("recvfrom", "other", '-', SYS_recvfrom, fd, &byte, 1, 0, NULL, NULL);
		CALL("read", "other", '-', SYS_read, fd, &byte, 1);
	}
	CALL("recvfrom", "other", '-', SYS_recvfrom, 1 << 30, &byte, 1, 0, NULL, NULL);
	CALL("connect", "other", '-', SYS_connect, 1 << 30, &byte, 1);
	CALL("recvmsg", "other", '-', SYS_recvmsg, 900, (void *)8, 0);
}

static int blocked[2], put_there[2];

static void *exchange(void *unused)
{
	usleep(200000);
	int writing = dup(blocked[1]);
	dup2(put_there[0], blocked[0]);
	if (write(writing, "x", 1) != 1)
		return NULL;
	return unused;
}

/* While a thread waits for data of a socket, another one puts a pipe under its number. */
static void exchanged(void)
{
	char byte;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, blocked) || pipe(put_there))
		return;
	pthread_t other;
	pthread_create(&other, NULL, exchange, NULL);
	CALL("recvfrom", "pipe", '-', SYS_recvfrom, blocked[0], &byte, 1, 0, NULL, NULL);
	pthread_join(other, NULL);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	over_tcp();
	other_sockets();
	over_unix(argv[1]);
	without_sockets(argv[1]);
	strange_numbers();
	exchanged();
	fputs(told, stdout);
	return 0;
}
