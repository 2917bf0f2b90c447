// Becomes a program that is part of this file, in this process, as execve would with a file of its own: the kernel
// can only execute whole files, and one in memory is an alert of ours, cannot be given back and has no name.
// In: where the program begins in the file, its arguments and environment. Out: nothing; the program runs.
// Its segments are mapped where they are, so that pages are shared with other processes and can be dropped; the dynamic
// loader that it names is mapped too and gets in the vector on the stack what execve would pass.
// Elsewhere: what is started and how (launcher.c).
#include "launcher.h"
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the jump into the loader is written for x86-64, as the probe is"
#endif

#define PAGE 4096UL
#define MAX_HEADERS 32

static const char BAD_PROGRAM[] = "the runtime in the executable is damaged";
static const char COPY[] = "copy it again";

struct image {
	uintptr_t base;
	uintptr_t entry;
	uintptr_t headers;
	size_t count;
	char interpreter[256];
};

static uintptr_t page_down(uintptr_t at)
{
	return at & ~(PAGE - 1);
}

static uintptr_t page_up(uintptr_t at)
{
	return page_down(at + PAGE - 1);
}

static void read_at(int fd, void *to, size_t bytes, off_t at, const char *what)
{
	if (pread(fd, to, bytes, at) != (ssize_t)bytes)
		fail(what, COPY);
}

static int protection(uint32_t flags)
{
	return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
}

static void map_segment(int fd, off_t start, uintptr_t base, const Elf64_Phdr *segment)
{
	uintptr_t at = base + segment->p_vaddr, from = page_down(at), file_end = at + segment->p_filesz;
	uintptr_t end = page_up(at + segment->p_memsz), zero = page_up(file_end);
	int prot = protection(segment->p_flags), flags = MAP_PRIVATE | MAP_FIXED;
	off_t offset = start + (off_t)page_down(segment->p_offset);

	if (segment->p_filesz &&
	    mmap((void *)from, file_end - from, prot, flags, fd, offset) == MAP_FAILED)
		fail("cannot map the runtime", "give the machine or the container more memory");
	if (segment->p_memsz <= segment->p_filesz)
		return;
	// what follows in the file is not part of it
	if (zero > file_end)
		memset((void *)file_end, 0, zero - file_end);
	if (end > zero && mmap((void *)zero, end - zero, prot, flags | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		fail("cannot map the runtime", "give the machine or the container more memory");
}

/** Anywhere: both the program and the loader are position-independent. */
static struct image map_image(int fd, off_t start, const char *damaged)
{
	struct image image = { 0 };
	Elf64_Ehdr header;
	Elf64_Phdr headers[MAX_HEADERS];
	uintptr_t low = UINTPTR_MAX, high = 0;

	read_at(fd, &header, sizeof(header), start, damaged);
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_type != ET_DYN || header.e_phnum > MAX_HEADERS ||
	    header.e_phentsize != sizeof(*headers))
		fail(damaged, COPY);
	read_at(fd, headers, header.e_phnum * sizeof(*headers), start + (off_t)header.e_phoff, damaged);
	for (size_t i = 0; i < header.e_phnum; i++) {
		const Elf64_Phdr *segment = headers + i;

		if (segment->p_type == PT_INTERP && segment->p_filesz < sizeof(image.interpreter))
			read_at(fd, image.interpreter, segment->p_filesz, start + (off_t)segment->p_offset, damaged);
		if (segment->p_type != PT_LOAD)
			continue;
		if (page_down(segment->p_vaddr) < low)
			low = page_down(segment->p_vaddr);
		if (segment->p_vaddr + segment->p_memsz > high)
			high = page_up(segment->p_vaddr + segment->p_memsz);
		if (header.e_phoff >= segment->p_offset && header.e_phoff < segment->p_offset + segment->p_filesz)
			image.headers = segment->p_vaddr + header.e_phoff - segment->p_offset;
	}
	if (high <= low)
		fail(damaged, COPY);
	void *room = mmap(NULL, high - low, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (room == MAP_FAILED)
		fail("cannot map the runtime", "give the machine or the container more memory");
	image.base = (uintptr_t)room - low;
	for (size_t i = 0; i < header.e_phnum; i++)
		if (headers[i].p_type == PT_LOAD)
			map_segment(fd, start, image.base, headers + i);
	image.entry = image.base + header.e_entry;
	image.headers += image.base;
	image.count = header.e_phnum;
	return image;
}

/** The kernel would go on writing to this thread's area, and takes no second one. */
static void unregister_rseq(void)
{
	if (__rseq_size)
		syscall(SYS_rseq, (char *)__builtin_thread_pointer() + __rseq_offset, 32, RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
}

static size_t count_of(char **texts)
{
	size_t count = 0;

	while (texts[count])
		count++;
	return count;
}

/** The vector that the kernel has made for this program, changed to speak of the other. */
static size_t copy_auxiliary(Elf64_auxv_t *to, const struct image *program, const struct image *loader)
{
	const Elf64_auxv_t *from;
	size_t count = 0;
	char **variable = environ_at_start;

	while (*variable++)
		;
	for (from = (const Elf64_auxv_t *)variable; from->a_type != AT_NULL; from++) {
		Elf64_auxv_t *entry = to + count++;

		*entry = *from;
		switch (from->a_type) {
		case AT_PHDR: entry->a_un.a_val = program->headers; break;
		case AT_PHNUM: entry->a_un.a_val = program->count; break;
		case AT_ENTRY: entry->a_un.a_val = program->entry; break;
		case AT_BASE: entry->a_un.a_val = loader->base; break;
		}
	}
	to[count++] = (Elf64_auxv_t){ AT_NULL, { 0 } };
	return count;
}

_Noreturn void user_exec(int fd, off_t start, char **args, char **environment)
{
	struct image program = map_image(fd, start, BAD_PROGRAM);
	int loader_fd = open(program.interpreter, O_RDONLY | O_CLOEXEC);

	if (loader_fd < 0)
		fail("the dynamic loader of this host cannot be opened", "run falco on a Linux with glibc 2.28 or newer");
	struct image loader = map_image(loader_fd, 0, "the dynamic loader of this host is damaged");
	size_t arg_count = count_of(args), variable_count = count_of(environment);
	Elf64_auxv_t auxiliary[64];
	size_t auxiliary_count = copy_auxiliary(auxiliary, &program, &loader);
	size_t words = 1 + arg_count + 1 + variable_count + 1 + 2 * auxiliary_count;
	uintptr_t *stack = __builtin_alloca_with_align((words + 2) * sizeof(*stack), 128);
	uintptr_t *at = stack;

	close(loader_fd);
	close(fd);
	*at++ = arg_count;
	memcpy(at, args, (arg_count + 1) * sizeof(*at));
	at += arg_count + 1;
	memcpy(at, environment, (variable_count + 1) * sizeof(*at));
	at += variable_count + 1;
	memcpy(at, auxiliary, auxiliary_count * sizeof(*auxiliary));
	unregister_rseq();
	// rdx: no function of ours is to be called at the end
	__asm__ volatile("mov %0, %%rsp\n\txor %%edx, %%edx\n\txor %%ebp, %%ebp\n\tjmp *%1"
			 :
			 : "a"(stack), "c"(loader.entry)
			 : "memory", "rdx");
	__builtin_unreachable();
}
