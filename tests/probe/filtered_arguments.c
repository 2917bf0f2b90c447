// Makes calls with many values of one argument, hostile ones too, and says of each: EVENT RESULT ARGUMENTS…, as 64-bit numbers.
// Last come calls by the 32-bit entry, where the kernel has it. Nothing is changed that outlives the program: processes, fds and
// files that are named do not exist, or are its own. filtered_arguments FOLDER
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 0x3ffffff0UL /* no process has this number */
#define UPPER_HALF 0xdeadbeef00000000UL

static char told[1 << 20];
static size_t used;

static void tell(const char *event, long result, const unsigned long *args)
{
	used += snprintf(told + used, sizeof(told) - used, "%s %ld", event, result);
	for (int i = 0; i < 5; i++)
		used += snprintf(told + used, sizeof(told) - used, " %lu", args[i]);
	used += snprintf(told + used, sizeof(told) - used, "\n");
}

static long call(const char *event, long number, unsigned long a, unsigned long b, unsigned long c, unsigned long d,
		 unsigned long e)
{
	unsigned long args[] = {a, b, c, d, e};
	long result = syscall(number, a, b, c, d, e, 0);
	tell(event, result < 0 ? -(long)errno : result, args);
	return result;
}

static long call_32(const char *event, unsigned number, unsigned a, unsigned b, unsigned c)
{
	unsigned long args[] = {a, b, c, 0, 0};
	long result;
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(0), "D"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	tell(event, result, args);
	return (int)result;
}

static void signals(void)
{
	for (unsigned long sig = 0; sig < 70; sig++) {
		call("kill", SYS_kill, NOBODY, sig, 0, 0, 0);
		call("tgkill", SYS_tgkill, NOBODY, NOBODY, sig, 0, 0);
	}
	/* the probe shows one byte of it, the kernel takes 32 bits */
	call("kill", SYS_kill, NOBODY, 0x109, 0, 0, 0);
	call("kill", SYS_kill, NOBODY, UPPER_HALF | 9, 0, 0, 0);
	call("kill", SYS_kill, NOBODY, -1UL, 0, 0, 0);
	call("tkill", SYS_tkill, NOBODY, 15, 0, 0, 0);
}

static void sockets(void)
{
	for (unsigned long family = 0; family < 50; family++) {
		long fd = call("socket", SYS_socket, family, SOCK_DGRAM, 0, 0, 0);
		if (fd >= 0)
			close(fd);
	}
	long fd = call("socket", SYS_socket, UPPER_HALF | AF_UNIX, SOCK_STREAM, 0, 0, 0);
	close(fd);
	call("socket", SYS_socket, 0x100 | AF_PACKET, SOCK_STREAM, 0, 0, 0);
}

static void options(void)
{
	for (unsigned long option = 0; option < 80; option++)
		call("prctl", SYS_prctl, option, -1UL, 0, 0, 0);
	call("prctl", SYS_prctl, UPPER_HALF | 36, -1UL, 0, 0, 0);
	call("prctl", SYS_prctl, 0x53564d41, 99, 0, 0, 0);
	for (unsigned long request = 1; request < 40; request++)
		call("ptrace", SYS_ptrace, request, NOBODY, 0, 0, 0);
	for (unsigned long request = 0x4200; request < 0x4212; request++)
		call("ptrace", SYS_ptrace, request, NOBODY, 0, 0, 0);
	call("ptrace", SYS_ptrace, UPPER_HALF | 16, NOBODY, 0, 0, 0);
	call("ptrace", SYS_ptrace, -1UL, NOBODY, 0, 0, 0);
	for (unsigned long command = 0; command < 45; command++)
		call("bpf", SYS_bpf, command, 0, 0, 0, 0);
	for (unsigned long command = 0; command < 45; command++)
		call("fcntl", SYS_fcntl, -1UL, command, 0, 0, 0);
	for (unsigned long command = 1020; command < 1045; command++)
		call("fcntl", SYS_fcntl, -1UL, command, 0, 0, 0);
	long copy = call("fcntl", SYS_fcntl, 0, F_DUPFD, 900, 0, 0);
	call("fcntl", SYS_fcntl, copy, F_GETFL, 0, 0, 0);
	close(copy);
	call("ioctl", SYS_ioctl, -1UL, 0x5412, 0, 0, 0);
	call("ioctl", SYS_ioctl, -1UL, 0x5413, 0, 0, 0);
	call("ioctl", SYS_ioctl, -1UL, UPPER_HALF | 0x5412, 0, 0, 0);
	call("seccomp", SYS_seccomp, 2, 0, 0, 0, 0);
	call("seccomp", SYS_seccomp, 99, 0, 0, 0, 0);
	call("keyctl", SYS_keyctl, 6, -1UL, 0, 0, 0);
	call("keyctl", SYS_keyctl, 999, -1UL, 0, 0, 0);
}

static void flags(const char *folder)
{
	unsigned long missing = (unsigned long)"/none/at/all";
	for (int bit = 0; bit < 32; bit++) {
		call("setns", SYS_setns, -1UL, 1UL << bit, 0, 0, 0);
		/* of a file that is not there: nothing happens */
		call("chmod", SYS_chmod, missing, 1UL << bit, 0, 0, 0);
		call("fchmod", SYS_fchmod, -1UL, 1UL << bit, 0, 0, 0);
		call("fchmodat", SYS_fchmodat, -1UL, missing, 1UL << bit, 0, 0);
		call("mprotect", SYS_mprotect, 1, 4096, 1UL << bit, 0, 0); /* not the beginning of a page */
		call("mount", SYS_mount, missing, missing, 0, 1UL << bit, 0);
		call("umount2", SYS_umount2, missing, 1UL << bit, 0, 0, 0);
		call("unlinkat", SYS_unlinkat, -1UL, missing, 1UL << bit, 0, 0);
		call("renameat2", SYS_renameat2, -1UL, missing, -1UL, missing, 1UL << bit);
	}
	call("chmod", SYS_chmod, (unsigned long)folder, 0755, 0, 0, 0);
	call("chmod", SYS_chmod, (unsigned long)folder, 04755, 0, 0, 0);
	call("chmod", SYS_chmod, (unsigned long)folder, UPPER_HALF | 0700, 0, 0, 0);
	call("mount", SYS_mount, missing, missing, 0, 0xc0ed0000 | 1, 0);
	call("setns", SYS_setns, -1UL, 0, 0, 0, 0);
	call("setns", SYS_setns, -1UL, UPPER_HALF, 0, 0, 0);
	call("setns", SYS_setns, -1UL, 0xffffffff, 0, 0, 0);
	call("unshare", SYS_unshare, 0, 0, 0, 0, 0);
	call("unshare", SYS_unshare, 1, 0, 0, 0, 0);
	call("unshare", SYS_unshare, 0x200, 0, 0, 0, 0); /* CLONE_FS */
	call("unshare", SYS_unshare, 0x04000000, 0, 0, 0, 0); /* CLONE_NEWUTS */
	call("unshare", SYS_unshare, 0x10000000 | 1, 0, 0, 0, 0);
}

static int has_32bit_entry(void)
{
	int status = 0;
	pid_t child = fork();
	if (!child) {
		call_32("getpid", 20, 0, 0, 0);
		_exit(0);
	}
	return waitpid(child, &status, 0) == child && !status;
}

static void by_32bit_entry(void)
{
	for (unsigned sig = 0; sig < 70; sig++)
		call_32("kill", 37, NOBODY, sig, 0);
	for (unsigned option = 0; option < 50; option++)
		call_32("prctl", 172, option, -1U, 0);
	for (unsigned request = 1; request < 30; request++)
		call_32("ptrace", 26, request, NOBODY, 0);
	call_32("ptrace", 26, -1U, NOBODY, 0);
	for (unsigned command = 0; command < 20; command++)
		call_32("fcntl", 221, -1U, command, 0);
	call_32("ioctl", 54, -1U, 0x5412, 0);
	for (unsigned family = 0; family < 20; family++) {
		long fd = call_32("socket", 359, family, SOCK_DGRAM, 0);
		if (fd >= 0)
			close(fd);
	}
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	int has_32bit = has_32bit_entry();
	used = 0;
	/* what has been noted so far is no call of these */
	call("ptrace", SYS_ptrace, 0x4206, NOBODY, 0, 0, 0);
	signals();
	sockets();
	options();
	flags(argv[1]);
	if (has_32bit)
		by_32bit_entry();
	call("ptrace", SYS_ptrace, 0, 0, 0, 0, 0); /* PTRACE_TRACEME: nothing is left to do but to end */
	if (write(1, told, used) != (ssize_t)used)
		return 3;
	return 0;
}
