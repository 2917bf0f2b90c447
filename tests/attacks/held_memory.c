// A process whose command line nobody can read: `held_memory FOLDER` mounts a file system of its own there that never answers a
// read. One thread of a child reads a page from it through /proc/self/mem, which holds the lock of its memory, another waits to
// change that memory: from now on so does everybody else. Prints the child's number. For each byte of its input the child
// opens /etc/passwd; with the input it ends.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

enum { PAGE = 4096, FILE_NODE = 2 };

static int device;
static char *page;
static volatile struct shared {
	int reads; /* questions for the page that wait */
	int writer; /* the thread that waits for the lock */
} *shared;

static void answer(const struct fuse_in_header *question, int error, const void *content, size_t bytes)
{
	char all[512];
	struct fuse_out_header *head = (void *)all;
	*head = (struct fuse_out_header){ .len = sizeof(*head) + bytes, .error = error, .unique = question->unique };
	memcpy(head + 1, content, bytes);
	if (write(device, all, head->len) < 0)
		perror("answer");
}

static void *serve(void *unused)
{
	static char buffer[1 << 17];
	struct fuse_in_header *question = (void *)buffer;
	while (read(device, buffer, sizeof(buffer)) > 0 || errno == EINTR || errno == ENOENT) {
		int is_file = question->nodeid == FILE_NODE || question->opcode == FUSE_LOOKUP;
		struct fuse_attr attributes = { .ino = is_file ? FILE_NODE : 1, .size = PAGE, .nlink = 1, .blksize = PAGE,
						.mode = is_file ? 0100644 : 040755 };
		struct fuse_init_out init = { .major = 7, .minor = 31, .max_write = PAGE };
		struct fuse_entry_out entry = { .nodeid = FILE_NODE, .attr_valid = 60, .entry_valid = 60, .attr = attributes };
		struct fuse_attr_out found = { .attr_valid = 60, .attr = attributes };
		struct fuse_open_out opened = { .fh = 1 };
		switch (question->opcode) {
		case FUSE_INIT: answer(question, 0, &init, sizeof(init)); break;
		case FUSE_LOOKUP: answer(question, 0, &entry, sizeof(entry)); break;
		case FUSE_GETATTR: answer(question, 0, &found, sizeof(found)); break;
		case FUSE_OPEN: answer(question, 0, &opened, sizeof(opened)); break;
		case FUSE_READ: shared->reads++; break; /* never */
		case FUSE_FORGET: case FUSE_BATCH_FORGET: break;
		default: answer(question, -ENOSYS, "", 0);
		}
	}
	return NULL;
}

static void *hold(void *unused)
{
	char byte;
	pread(open("/proc/self/mem", O_RDONLY), &byte, 1, (off_t)page);
	return NULL;
}

static void *wait_for_lock(void *unused)
{
	while (!shared->reads)
		usleep(1000);
	shared->writer = gettid();
	mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return NULL;
}

static int victim(const char *folder, int orders)
{
	char path[4096], byte;
	pthread_t threads[2];
	snprintf(path, sizeof(path), "%s/file", folder);
	/* a page that is not there yet would make the child itself wait for the lock when it opens the file */
	mlockall(MCL_CURRENT);
	page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, open(path, O_RDONLY), 0);
	if (page == MAP_FAILED)
		return perror(path), 1;
	close(device); /* when the last one is closed, what waits for an answer gets an error */
	pthread_create(&threads[1], NULL, wait_for_lock, NULL);
	pthread_create(&threads[0], NULL, hold, NULL);
	while (read(orders, &byte, 1) == 1)
		open("/etc/passwd", O_RDONLY);
	return 0;
}

static char state_of(pid_t process, int thread)
{
	char path[64], text[256] = "", *end;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", process, thread);
	int fd = open(path, O_RDONLY);
	if (fd >= 0 && read(fd, text, sizeof(text) - 1) < 0)
		text[0] = 0;
	close(fd);
	end = strrchr(text, ')');
	return end ? end[2] : 0;
}

int main(int count, char **arguments)
{
	char options[128], byte;
	int orders[2];
	pthread_t server;
	if (count < 2 || pipe(orders))
		return fprintf(stderr, "usage: held_memory FOLDER\n"), 2;
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=%d,group_id=%d", device, getuid(), getgid());
	if (mount("held", arguments[1], "fuse", MS_NOSUID | MS_NODEV, options))
		return perror("mount"), 1;
	pthread_create(&server, NULL, serve, NULL);
	pid_t child = fork();
	if (child == 0)
		return victim(arguments[1], orders[0]);
	while (!shared->writer || state_of(child, shared->writer) != 'D')
		usleep(1000);
	printf("%d\n", child);
	fflush(stdout);
	while (read(0, &byte, 1) == 1 && write(orders[1], &byte, 1) == 1)
		;
	kill(child, SIGKILL);
	return 0;
}
