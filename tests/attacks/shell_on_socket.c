// Connects to itself and runs a shell on the connection, as an attacker does who does not want to be seen doing it:
//   passed   another process connects, and the socket comes in a message
//   forked   connects, forks, and closes its own end while the child does the rest, all on one CPU
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int connect_to_itself(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t bytes = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (void *)&at, bytes) || listen(listener, 1) || getsockname(listener, (void *)&at, &bytes) ||
	    connect(fd, (void *)&at, bytes))
		perror("connect");
	return fd;
}

static int shell(int fd)
{
	dup2(fd, 0);
	dup2(fd, 1);
	execl("/bin/sh", "sh", "-c", "exit 0", "attack-mark-77d", (char *)NULL);
	return 1;
}

static int passed(void)
{
	char byte = 0, space[CMSG_SPACE(sizeof(int))] = "";
	struct iovec one = { &byte, 1 };
	struct msghdr message = { .msg_iov = &one, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof(space) };
	int ends[2];
	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	if (fork() == 0) {
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);
		*head = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
		*(int *)CMSG_DATA(head) = connect_to_itself();
		return sendmsg(ends[1], &message, 0) != 1;
	}
	if (recvmsg(ends[0], &message, 0) != 1)
		return 1;
	wait(NULL);
	return shell(*(int *)CMSG_DATA(CMSG_FIRSTHDR(&message)));
}

static int forked(void)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	int fd = connect_to_itself();
	if (fork() == 0)
		return shell(fd);
	close(fd);
	wait(NULL);
	return 0;
}

int main(int count, char **arguments)
{
	return count > 1 && strcmp(arguments[1], "passed") == 0 ? passed() : forked();
}
