// What the files of the launcher share.
#pragma once
#include <stdbool.h>
#include <sys/types.h>

/** Says what is wrong, why (errno, unless it is 0) and what to do, and ends (launcher.c). */
_Noreturn void fail(const char *what, const char *remedy);

/** As the kernel has laid it down; the auxiliary vector follows it. */
extern char **environ_at_start;

/**
 * The environment for the runtime (environment.c); NULL when there is no memory for it.
 * @param preload a variable more, or NULL
 */
char **runtime_environment(char **given, const char *preload);

/** SIGUSR1 and SIGXFSZ, and no others (start_state.c). */
void block_signals(void);

/** Raises limits; ends when one is too low, or when there is no working folder (start_state.c). */
void check_start_state(void);

/** Becomes the program that begins there in the file (user_exec.c). */
_Noreturn void user_exec(int fd, off_t start, char **args, char **environment);
