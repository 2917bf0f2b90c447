// The processes of one case: stage 0 copies this program under the name of each, then every stage becomes the next one in a child,
// and the last one opens sockets and makes the calls. Linked statically: it runs in a container that holds nothing else.
// In: ACTOR_PLAN, lines of fields separated by tabs; ACTOR_STAGE, a number. Out: exit code 0 when all could be done.
//   process UID FILELESS PATH ARG0 [ARG…]     one for each stage
//   before COMMAND                            of the shell
//   server tcp4|tcp6 HOST PORT                a listener and a connection to it
//   call NAME [ARG…]                          "@client" is the connection's descriptor
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_LINES 64
#define MAX_FIELDS 32

static char *lines[MAX_LINES][MAX_FIELDS];
static int count;
static int client = -1;

static void fail(const char *what) {
	perror(what);
	_exit(1);
}

static void read_plan(void) {
	char *text = strdup(getenv("ACTOR_PLAN"));
	for (char *line; (line = strsep(&text, "\n")) != NULL && count < MAX_LINES; count++)
		for (int i = 0; i < MAX_FIELDS - 1 && (lines[count][i] = strsep(&line, "\t")) != NULL; i++)
			;
}

static int is(int line, const char *kind) {
	return lines[line][0] != NULL && strcmp(lines[line][0], kind) == 0;
}

static void make_folders(const char *path) {
	char at[4096];
	for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		snprintf(at, sizeof at, "%.*s", (int)(slash - path), path);
		mkdir(at, 0755);
	}
}

static void copy_self(int to) {
	int from = open("/proc/self/exe", O_RDONLY);
	struct stat stat;
	if (from < 0 || fstat(from, &stat) < 0) fail("own file");
	for (off_t left = stat.st_size; left > 0;) {
		ssize_t n = sendfile(to, from, NULL, left);
		if (n <= 0) fail("sendfile");
		left -= n;
	}
	close(from);
}

static void copy_under_names(void) {
	for (int i = 0; i < count; i++) {
		if (!is(i, "process") || lines[i][2][0] == '1') continue;
		make_folders(lines[i][3]);
		unlink(lines[i][3]);
		int to = open(lines[i][3], O_WRONLY | O_CREAT | O_TRUNC, 0755);
		if (to < 0) fail(lines[i][3]);
		copy_self(to);
		fchmod(to, 0755);
		close(to);
	}
}

/** Another user with the capabilities of this one: what matters is who it is, not what it may. */
static void change_user(uid_t uid) {
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct caps[2];
	if (syscall(SYS_capget, &head, caps)) fail("capget");
	prctl(PR_SET_KEEPCAPS, 1);
	if (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid)) fail("setresuid");
	for (int i = 0; i < 2; i++) caps[i].effective = caps[i].inheritable = caps[i].permitted;
	if (syscall(SYS_capset, &head, caps)) fail("capset");
	for (int cap = 0; cap < 64; cap++)
		if (caps[cap / 32].permitted >> cap % 32 & 1) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
}

static void become(char **process, int stage) {
	char number[16];
	snprintf(number, sizeof number, "%d", stage);
	setenv("ACTOR_STAGE", number, 1);
	int memory = -1;
	if (process[2][0] == '1') copy_self(memory = memfd_create(process[4], 0));
	uid_t uid = atoi(process[1]);
	if (uid != 0) change_user(uid);
	if (memory >= 0) fexecve(memory, process + 4, environ);
	else execv(process[3], process + 4);
	fail("execve");
}

static void connect_to(const char *protocol, const char *host, int port) {
	struct sockaddr_in six_or_four = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	int is_six = strcmp(protocol, "tcp6") == 0, on = 1;
	struct sockaddr *address = is_six ? (struct sockaddr *)&six : (struct sockaddr *)&six_or_four;
	socklen_t bytes = is_six ? sizeof six : sizeof six_or_four;
	if (inet_pton(is_six ? AF_INET6 : AF_INET, host, is_six ? (void *)&six.sin6_addr : (void *)&six_or_four.sin_addr) != 1)
		fail("address");
	int server = socket(address->sa_family, SOCK_STREAM, 0);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(server, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
	if (bind(server, address, bytes) || listen(server, 8)) fail("listen");
	client = socket(address->sa_family, SOCK_STREAM, 0);
	if (connect(client, address, bytes)) fail("connect");
}

static long number(const char *text) {
	return text == NULL ? 0 : strcmp(text, "@client") == 0 ? client : strtol(text, NULL, 0);
}

/** The call itself, so that no library chooses another one. */
static void call(char **arg) {
	const char *name = arg[1];
	long result = -1;
	if (strcmp(name, "open") == 0) result = syscall(SYS_open, arg[2], number(arg[3]), number(arg[4]));
	else if (strcmp(name, "openat") == 0) result = syscall(SYS_openat, AT_FDCWD, arg[2], number(arg[3]), number(arg[4]));
	else if (strcmp(name, "openat2") == 0) {
		struct open_how how = {.flags = number(arg[3]), .mode = number(arg[4])};
		result = syscall(SYS_openat2, AT_FDCWD, arg[2], &how, sizeof how);
	} else if (strcmp(name, "link") == 0) result = syscall(SYS_link, arg[2], arg[3]);
	else if (strcmp(name, "linkat") == 0) result = syscall(SYS_linkat, AT_FDCWD, arg[2], AT_FDCWD, arg[3], 0);
	else if (strcmp(name, "symlink") == 0) result = syscall(SYS_symlink, arg[2], arg[3]);
	else if (strcmp(name, "symlinkat") == 0) result = syscall(SYS_symlinkat, arg[2], AT_FDCWD, arg[3]);
	else if (strcmp(name, "socket") == 0) result = syscall(SYS_socket, number(arg[2]), number(arg[3]), number(arg[4]));
	else if (strcmp(name, "dup2") == 0) result = syscall(SYS_dup2, number(arg[2]), number(arg[3]));
	else if (strcmp(name, "dup3") == 0) result = syscall(SYS_dup3, number(arg[2]), number(arg[3]), number(arg[4]));
	else fprintf(stderr, "unknown call %s\n", name);
	if (result < 0) fail(name);
}

int main(void) {
	if (getenv("ACTOR_PLAN") == NULL) return 0;
	read_plan();
	const char *given = getenv("ACTOR_STAGE");
	int stage = given == NULL ? 0 : atoi(given), processes = 0;
	if (stage == 0) copy_under_names();
	for (int i = 0; i < count; i++) {
		if (!is(i, "process") || processes++ != stage) continue;
		pid_t child = fork();
		if (child == 0) become(lines[i], stage + 1);
		int status;
		waitpid(child, &status, 0);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	}
	for (int i = 0; i < count; i++) {
		if (is(i, "before") && system(lines[i][1]) != 0) fail(lines[i][1]);
		if (is(i, "server")) connect_to(lines[i][1], lines[i][2], atoi(lines[i][3]));
		if (is(i, "call")) call(lines[i]);
	}
	return 0;
}
