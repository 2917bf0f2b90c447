// Makes, connects, copies, passes and closes sockets over IP, in orders in which what was left out could be missed: numbers are used
// again, sockets are servers' and clients', bound and not, copied before and after, passed on and inherited. All on loopback.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in at(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static struct sockaddr_in6 at6(int port)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback};
	return address;
}

static void connect_to(int fd, int port)
{
	struct sockaddr_in address = at(port);
	connect(fd, (void *)&address, sizeof(address));
}

static int bind_to(int fd, int port)
{
	int one = 1;
	struct sockaddr_in address = at(port);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	return bind(fd, (void *)&address, sizeof(address));
}

/* To standard input and away again. */
static void put_at_stdin(int fd)
{
	static int nothing = -1;
	if (nothing < 0)
		nothing = open("/dev/null", O_RDWR);
	syscall(SYS_dup2, fd, 0);
	syscall(SYS_dup3, fd, 1, 0);
	dup2(nothing, 0);
	dup2(nothing, 1);
}

/* The port, or the next one that nobody has. */
static int listening_at(int *port)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	while (bind_to(fd, *port))
		(*port)++;
	listen(fd, 8);
	return fd;
}

static void clients(int port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	connect_to(fd, port);
	put_at_stdin(fd);
	connect_to(fd, port); /* it is connected */
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP);
	connect_to(fd, port);
	put_at_stdin(fd);
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	connect_to(fd, 1); /* nobody is there */
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	bind_to(fd, 21987);
	connect_to(fd, port);
	put_at_stdin(fd);
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	bind_to(fd, 21985);
	connect_to(fd, 1);
	put_at_stdin(fd);
	close(fd);
	/* the copy is connected, the first is put there */
	fd = socket(AF_INET, SOCK_STREAM, 0);
	int copy = dup(fd);
	connect_to(copy, port);
	put_at_stdin(fd);
	close(fd);
	close(copy);
}

static void servers(int listening, int port)
{
	int client = socket(AF_INET, SOCK_STREAM, 0);
	connect_to(client, port);
	int server = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	put_at_stdin(server);
	put_at_stdin(client);
	if (fork() == 0) {
		put_at_stdin(server);
		connect_to(client, port);
		_exit(0);
	}
	wait(NULL);
	int pair[2];
	char byte = 'x', control[CMSG_SPACE(sizeof(int))] = {};
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	*head = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(head), &server, sizeof(int));
	sendmsg(pair[0], &message, 0);
	message.msg_controllen = sizeof(control);
	recvmsg(pair[1], &message, 0);
	int passed;
	memcpy(&passed, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	close(server);
	put_at_stdin(passed);
	close(passed);
	close(client);
	close(pair[0]);
	close(pair[1]);
}

static void datagrams(int port)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	connect_to(fd, 53);
	connect_to(fd, port);
	put_at_stdin(fd);
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	bind_to(fd, 21988);
	connect_to(fd, 5353);
	close(fd);
	fd = socket(AF_INET6, SOCK_DGRAM, 0);
	struct sockaddr_in6 address = at6(5355);
	connect(fd, (void *)&address, sizeof(address));
	put_at_stdin(fd);
	close(fd);
	fd = socket(AF_INET6, SOCK_STREAM, 0);
	inet_pton(AF_INET6, "::ffff:127.0.0.1", &address.sin6_addr);
	address.sin6_port = htons(port);
	connect(fd, (void *)&address, sizeof(address));
	put_at_stdin(fd);
	close(fd);
}

/* One number is one thing after the other. */
static void used_again(int port)
{
	int first = socket(AF_INET, SOCK_STREAM, 0);
	connect_to(first, port);
	close(first);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	connect_to(fd, 53);
	put_at_stdin(fd);
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	connect_to(fd, 1);
	close(fd);
	fd = open("/etc/passwd", O_RDONLY);
	put_at_stdin(fd);
	connect_to(fd, port); /* no socket */
	close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/none/at/all"};
	connect(fd, (void *)&address, sizeof(address));
	put_at_stdin(fd);
	close(fd);
	fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	connect_to(fd, 0);
	put_at_stdin(fd);
	close(fd);
	connect_to(fd, port); /* nothing */
	connect_to(-1, port);
	connect_to(900, port);
}

int main(void)
{
	alarm(60); /* nothing of this waits for long */
	int ports[] = {21990, 45990};
	for (int i = 0; i < 2; i++) {
		int listening = listening_at(&ports[i]);
		clients(ports[i]);
		close(listening);
		listening = listening_at(&ports[i]);
		servers(listening, ports[i]);
		datagrams(ports[i]);
		used_again(ports[i]);
		close(listening);
	}
	return 0;
}
