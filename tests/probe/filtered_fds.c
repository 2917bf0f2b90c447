// What a process does with files that the filter leaves out: filtered_fds DEED …
//   empty-path FILE LINK        opens FILE, links it and changes its owner by its fd alone, closes it
//   racing ONE OTHER ROUNDS     opens a path that a second thread changes all the while from ONE into OTHER and back
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char path[4096];
static const char *texts[2];
static volatile int is_over;

static void *change(void *unused)
{
	for (size_t turn = 0; !is_over; turn++)
		memcpy(path, texts[turn & 1], strlen(texts[0]));
	return NULL;
}

static int open_file(const char *file)
{
	return syscall(SYS_openat, AT_FDCWD, file, O_RDONLY, 0);
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	if (argv[1][0] == 'e') {
		int fd = open_file(argv[2]);
		if (linkat(fd, "", AT_FDCWD, argv[3], AT_EMPTY_PATH) || fchownat(fd, "", 0, 0, AT_EMPTY_PATH))
			return 1;
		return close(fd) != 0;
	}
	texts[0] = argv[2];
	texts[1] = argv[3];
	strcpy(path, texts[0]);
	pthread_t changer;
	pthread_create(&changer, NULL, change, NULL);
	long rounds = atol(argv[4]), made = 0;
	for (long round = 0; round < rounds; round++) {
		int fd = open_file(path);
		if (fd >= 0) {
			made++;
			close(fd);
		}
	}
	is_over = 1;
	pthread_join(changer, NULL);
	printf("%ld\n", made);
	return 0;
}
