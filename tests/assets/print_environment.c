// The launcher's environment for the runtime, made of this program's arguments, each with a NUL after it.
#include "launcher.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	(void)argc;
	for (char **passed = runtime_environment(argv + 1, NULL); *passed; passed++)
		printf("%s%c", *passed, 0);
	fflush(stdout);
	_Exit(0); // the renamed ones are never freed
}
