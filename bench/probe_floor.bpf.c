/* Programs that do nothing, at the two hooks of the probe for system calls: what is left of its cost when it is perfect. */
#define SEC(name) __attribute__((section(name), used))

SEC("sys_enter") int empty_enter(void *ctx)
{
	(void)ctx;
	return 1;
}

SEC("sys_exit") int empty_exit(void *ctx)
{
	(void)ctx;
	return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
