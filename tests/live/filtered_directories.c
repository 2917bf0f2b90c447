// Does by chance what programs do with directories: opens them by absolute and relative paths, opens files below them, changes into
// them, copies, renames and passes them, forks and executes itself in between.
// In: a folder with spared/deep/er, wanted and the link other → wanted, each with the files `file` and `secret`; a seed, how many steps; 0: many
// directories at a time.
// The folder is its root, so that it leaves nothing outside; when it executes itself again it has no folder.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_FDS = 40, FIRST_FD = 3, MANY_FDS = 3000 };

static unsigned long seed;

static unsigned chance(unsigned below)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (seed >> 33) % below;
}

#define ONE_OF(list) list[chance(sizeof(list) / sizeof(*list))]

static const char *const FOLDERS[] = {"/", "/spared", "/spared/deep", "/spared/deep/er", "/wanted", "/other", "/spared/", "/spared/../wanted"};
static const char *const BELOW[] = {"deep", "er", ".", "..", "../wanted", "deep/er", "deep/", "./deep", "spared", "wanted", "other", "none"};
static const char *const FILES[] = {"file", "secret", "deep/secret", "deep/file", "../wanted/file", "./file", "none", "deep/er/secret",
				    "wanted/file", "other/file", "none/secret", "", "spared/file", "../file", "deep//secret", "./deep/secret", "./../secret", "././secret", "./"};
static const int WAYS[] = {O_RDONLY, O_RDONLY | O_CLOEXEC, O_WRONLY, O_RDONLY | O_DIRECTORY, O_PATH};

/* A directory that is open, or where the process is. */
static int some_directory(void)
{
	int found[MOST_FDS], count = 0;
	for (int fd = FIRST_FD; fd < MOST_FDS; fd++) {
		struct stat about;
		if (!fstat(fd, &about) && S_ISDIR(about.st_mode))
			found[count++] = fd;
	}
	return count == 0 || chance(8) == 0 ? AT_FDCWD : found[chance(count)];
}

/* It stays open, unless there are many. */
static void keep(long fd)
{
	if (fd >= MOST_FDS)
		close(fd);
}

static void pass(int fd)
{
	int ends[2];
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = {};
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	struct cmsghdr *control = CMSG_FIRSTHDR(&message);
	*control = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(control), &fd, sizeof(int));
	sendmsg(ends[0], &message, 0);
	recvmsg(ends[1], &message, 0);
	close(ends[0]);
	close(ends[1]);
}

static void run(int steps, char **argv);

static void with_child(int flags, int steps, char **argv)
{
	long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (child == 0) {
		run(steps, argv);
		syscall(SYS_exit_group, 0);
	}
	waitpid(child, NULL, 0);
	chance(100);
}

static void step(int left, char **argv)
{
	int directory = some_directory();
	switch (chance(24)) {
	case 0:
	case 1:
	case 2:
		keep(syscall(SYS_openat, AT_FDCWD, ONE_OF(FOLDERS), chance(4) ? O_RDONLY | O_DIRECTORY : O_RDONLY));
		break;
	case 3:
		keep(syscall(SYS_open, ONE_OF(FOLDERS), O_PATH | O_DIRECTORY));
		break;
	case 4:
	case 5:
	case 6:
		keep(syscall(SYS_openat, directory, ONE_OF(BELOW), chance(4) ? O_RDONLY | O_DIRECTORY : O_RDONLY));
		break;
	case 7:
	case 8:
	case 9:
	case 10:
		close(syscall(SYS_openat, directory, ONE_OF(FILES), ONE_OF(WAYS)));
		break;
	case 11:
		close(syscall(SYS_open, ONE_OF(FILES), ONE_OF(WAYS)));
		break;
	case 12:
		close(FIRST_FD + chance(12));
		break;
	case 13:
		keep(dup(directory));
		break;
	case 14:
		if (directory >= 0)
			dup2(directory, FIRST_FD + chance(12));
		break;
	case 15:
		keep(fcntl(directory, chance(2) ? F_DUPFD : F_DUPFD_CLOEXEC, FIRST_FD));
		break;
	case 16:
		if (chance(2))
			(void)!chdir(ONE_OF(FOLDERS));
		else
			(void)!chdir(ONE_OF(BELOW));
		break;
	case 17: {
		char where[512];
		if (chance(2))
			(void)!fchdir(directory);
		else
			(void)!getcwd(where, sizeof(where));
		break;
	}
	case 18:
		mkdirat(directory, "made", 0700);
		unlinkat(directory, "made", AT_REMOVEDIR);
		break;
	case 19:
		if (renameat(directory, "deep", some_directory(), "away"))
			renameat(directory, "away", directory, "deep");
		break;
	case 20:
		if (directory >= 0 && chance(4) == 0)
			pass(directory);
		break;
	case 21:
		if (left > 20 && chance(3) == 0)
			with_child(chance(2) ? CLONE_FILES : chance(2) ? CLONE_FS : 0, 15, argv);
		break;
	case 22:
		if (left > 20 && chance(4) == 0) {
			char numbers[2][32];
			snprintf(numbers[0], sizeof(numbers[0]), "%lu", seed);
			snprintf(numbers[1], sizeof(numbers[1]), "%d", left - 1);
			execl("/fdirs", "fdirs", "", numbers[0], numbers[1], NULL);
		}
		break;
	case 23:
		fchmodat(directory, "file", 0600, 0);
		break;
	}
}

static void run(int steps, char **argv)
{
	while (steps-- > 0)
		step(steps, argv);
}

/* More at a time than find a place of their own. */
static void use_many(void)
{
	struct rlimit limit = {MANY_FDS + 10, MANY_FDS + 10};
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < MANY_FDS; i++)
		syscall(SYS_openat, AT_FDCWD, "/spared", O_RDONLY | O_DIRECTORY);
	for (int fd = FIRST_FD; fd < MANY_FDS; fd++)
		close(syscall(SYS_openat, fd, fd % 2 ? "secret" : "file", O_RDONLY));
}

/* Not by chroot: paths shall begin there for the kernel, too. */
static int make_root(const char *folder)
{
	return unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	       mount(folder, folder, NULL, MS_BIND, NULL) || chdir(folder) || syscall(SYS_pivot_root, ".", ".") ||
	       umount2(".", MNT_DETACH) || chdir("/");
}

int main(int argc, char **argv)
{
	(void)argc;
	if (*argv[1] && make_root(argv[1]))
		return 1;
	seed = strtoul(argv[2], NULL, 10);
	if (atoi(argv[3]) == 0)
		use_many();
	run(atoi(argv[3]), argv);
	return 0;
}
