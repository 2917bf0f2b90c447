// Waits for a debugger on the port where runtimes open theirs, in a tight loop, until its standard input ends.
// Prints how often it tried, and how often somebody accepted.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 9229

static int accepts(const struct sockaddr *address, socklen_t bytes)
{
	int fd = socket(address->sa_family, SOCK_STREAM, 0);
	int is_open = fd >= 0 && connect(fd, address, bytes) == 0;

	close(fd);
	return is_open;
}

int main(void)
{
	struct sockaddr_in v4 = { AF_INET, htons(PORT), { htonl(INADDR_LOOPBACK) } };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(PORT), .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct pollfd input = { 0, POLLIN, 0 };
	unsigned long tries = 0, accepted = 0;

	printf("uid %d\n", (int)getuid());
	fflush(stdout);
	while (poll(&input, 1, 0) == 0) {
		accepted += accepts((void *)&v4, sizeof(v4)) || accepts((void *)&v6, sizeof(v6));
		tries++;
	}
	printf("%lu %lu\n", tries, accepted);
	return 0;
}
