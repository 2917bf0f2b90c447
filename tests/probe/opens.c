// Opens and closes what a file lists, one call a line: HOW CALL FLAGS PATH. The text of the path lies
//   border  before a page that cannot be read, its 0 the last byte
//   cold    in a page that is not in memory
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROOM = 8192, PAGE = 4096 };

static char *border(const char *path)
{
	char *room = mmap(NULL, ROOM + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(room + ROOM, PAGE, PROT_NONE);
	return strcpy(room + ROOM - strlen(path) - 1, path);
}

/* The page comes from a file and has not been touched since. */
static char *cold(const char *path)
{
	int fd = memfd_create("path", 0);
	if (pwrite(fd, path, strlen(path) + 1, 0) < 0 || ftruncate(fd, ROOM))
		exit(1);
	char *page = mmap(NULL, ROOM, PROT_READ, MAP_PRIVATE, fd, 0);
	dup2(fd, 100);
	return page;
}

int main(int argc, char **argv)
{
	static char line[ROOM], how[16], call[16], path[ROOM];
	int flags;
	FILE *list = fopen(argv[argc - 1], "r");
	static char all[1 << 20];
	size_t size = fread(all, 1, sizeof(all) - 1, list);
	all[size] = 0;
	for (char *at = all; *at; at = strchr(at, '\n') + 1) {
		snprintf(line, sizeof(line), "%.*s", (int)(strchr(at, '\n') - at), at);
		int text = 0;
		sscanf(line, "%15s %15s %i %n", how, call, &flags, &text);
		strcpy(path, line + text);
		char *where = how[0] == 'b' ? border(path) : cold(path);
		long fd = call[4] ? syscall(SYS_openat, AT_FDCWD, where, flags, 0700) : syscall(SYS_open, where, flags, 0700);
		if (fd >= 0)
			close(fd);
	}
	return 0;
}
