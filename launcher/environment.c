// The environment of the runtime: what the lists of assets/environment.ts let through, the rest under another name.
// In: the environment. Out: the one for the runtime.
// Elsewhere: the lists and why (assets/environment.ts); finding what was renamed (there, givenEnvironment).
#include "launcher.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "environment.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static bool begins(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/** Whether the variable has this name, or one that begins so where it ends in `_`. */
static bool is_named(const char *variable, const char *name)
{
	size_t length = strlen(name);

	return begins(variable, name) && (name[length - 1] == '_' || variable[length] == '=');
}

static bool is_one_of(const char *variable, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_named(variable, names[i]))
			return true;
	return false;
}

static char *renamed(const char *variable)
{
	char *text = malloc(sizeof(GIVEN_PREFIX) + strlen(variable));

	if (text)
		stpcpy(stpcpy(text, GIVEN_PREFIX), variable);
	return text;
}

char **runtime_environment(char **given, const char *preload)
{
	size_t count = 0, used = 0;

	while (given[count])
		count++;
	char **passed = calloc(count + COUNT(RUNTIME_VARIABLES) + 2, sizeof(*passed));

	if (!passed)
		return NULL;
	for (; *given; given++) {
		if (is_one_of(*given, WITHHELD, COUNT(WITHHELD)))
			continue;
		bool is_passed = begins(*given, PASSED_PREFIX) || is_one_of(*given, PASSED, COUNT(PASSED));

		passed[used] = is_passed ? *given : renamed(*given);
		if (!passed[used++])
			return NULL;
	}
	for (size_t i = 0; i < COUNT(RUNTIME_VARIABLES); i++)
		passed[used++] = (char *)RUNTIME_VARIABLES[i];
	passed[used] = (char *)preload;
	return passed;
}
