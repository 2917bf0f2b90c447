// What the files of the launcher share.
#pragma once
#include <stdbool.h>

/**
 * The environment for the runtime (environment.c); NULL when there is no memory for it.
 * @param preload a variable more, or NULL
 */
char **runtime_environment(char **given, const char *preload);
