// A library that shows that it was loaded: it makes the file that it is built with the name of.
#include <fcntl.h>

__attribute__((constructor)) static void loaded(void)
{
	open(PROOF, O_CREAT | O_WRONLY, 0666);
}
