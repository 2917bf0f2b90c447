// The functions of libbpf that falco calls, each parameter annotated with its C name.
// Data only. Elsewhere: finding the library and its errors (libbpf.ts), what is loaded with it (sources/live).

export const LIBBPF_SYMBOLS = {
  libbpf_set_print: {
    parameters: [
      "function", // libbpf_print_fn_t fn: int (enum libbpf_print_level, const char *format, va_list ap)
    ],
    result: "pointer",
  },
  btf__parse: {
    parameters: [
      "buffer", // const char *path
      "pointer", // struct btf_ext **btf_ext
    ],
    result: "pointer",
  },
  btf__find_by_name_kind: {
    parameters: [
      "pointer", // const struct btf *btf
      "buffer", // const char *type_name
      "u32", // __u32 kind
    ],
    result: "i32",
  },
  btf__free: {
    parameters: [
      "pointer", // struct btf *btf
    ],
    result: "void",
  },
  bpf_object__open_mem: {
    parameters: [
      "buffer", // const void *obj_buf
      "usize", // size_t obj_buf_sz
      "buffer", // const struct bpf_object_open_opts *opts
    ],
    result: "pointer",
  },
  bpf_object__load: {
    parameters: [
      "pointer", // struct bpf_object *obj
    ],
    result: "i32",
  },
  bpf_object__close: {
    parameters: [
      "pointer", // struct bpf_object *object
    ],
    result: "void",
  },
  bpf_object__find_map_by_name: {
    parameters: [
      "pointer", // const struct bpf_object *obj
      "buffer", // const char *name
    ],
    result: "pointer",
  },
  bpf_object__next_program: {
    parameters: [
      "pointer", // const struct bpf_object *obj
      "pointer", // struct bpf_program *prog
    ],
    result: "pointer",
  },
  bpf_object__find_program_by_name: {
    parameters: [
      "pointer", // const struct bpf_object *obj
      "buffer", // const char *name
    ],
    result: "pointer",
  },
  bpf_object__next_map: {
    parameters: [
      "pointer", // const struct bpf_object *obj
      "pointer", // const struct bpf_map *map
    ],
    result: "pointer",
  },
  bpf_map__reuse_fd: {
    parameters: [
      "pointer", // struct bpf_map *map
      "i32", // int fd
    ],
    result: "i32",
  },
  bpf_map__fd: {
    parameters: [
      "pointer", // const struct bpf_map *map
    ],
    result: "i32",
  },
  bpf_map__set_max_entries: {
    parameters: [
      "pointer", // struct bpf_map *map
      "u32", // __u32 max_entries
    ],
    result: "i32",
  },
  bpf_map__set_initial_value: {
    parameters: [
      "pointer", // struct bpf_map *map
      "buffer", // const void *data
      "usize", // size_t size
    ],
    result: "i32",
  },
  bpf_map_create: {
    parameters: [
      "i32", // enum bpf_map_type map_type
      "buffer", // const char *map_name
      "u32", // __u32 key_size
      "u32", // __u32 value_size
      "u32", // __u32 max_entries
      "pointer", // const struct bpf_map_create_opts *opts
    ],
    result: "i32",
  },
  bpf_map_delete_elem: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *key
    ],
    result: "i32",
  },
  bpf_map_update_elem: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *key
      "buffer", // const void *value
      "u64", // __u64 flags
    ],
    result: "i32",
  },
  bpf_map_lookup_elem: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *key
      "buffer", // void *value
    ],
    result: "i32",
  },
  bpf_program__name: {
    parameters: [
      "pointer", // const struct bpf_program *prog
    ],
    result: "pointer",
  },
  bpf_program__section_name: {
    parameters: [
      "pointer", // const struct bpf_program *prog
    ],
    result: "pointer",
  },
  bpf_program__fd: {
    parameters: [
      "pointer", // const struct bpf_program *prog
    ],
    result: "i32",
  },
  bpf_program__set_autoload: {
    parameters: [
      "pointer", // struct bpf_program *prog
      "bool", // bool autoload
    ],
    result: "i32",
  },
  bpf_program__set_type: {
    parameters: [
      "pointer", // struct bpf_program *prog
      "i32", // enum bpf_prog_type type
    ],
    result: "i32",
  },
  bpf_program__set_expected_attach_type: {
    parameters: [
      "pointer", // struct bpf_program *prog
      "i32", // enum bpf_attach_type type
    ],
    result: "i32",
  },
  bpf_program__set_attach_target: {
    parameters: [
      "pointer", // struct bpf_program *prog
      "i32", // int attach_prog_fd
      "buffer", // const char *attach_func_name
    ],
    result: "i32",
  },
  bpf_program__attach_trace: {
    parameters: [
      "pointer", // const struct bpf_program *prog
    ],
    result: "pointer",
  },
  bpf_program__attach: {
    parameters: [
      "pointer", // const struct bpf_program *prog
    ],
    result: "pointer",
  },
  bpf_program__attach_perf_event: {
    parameters: [
      "pointer", // const struct bpf_program *prog
      "i32", // int pfd
    ],
    result: "pointer",
  },
  bpf_link__destroy: {
    parameters: [
      "pointer", // struct bpf_link *link
    ],
    result: "i32",
  },
  bpf_obj_get_info_by_fd: {
    parameters: [
      "i32", // int bpf_fd
      "buffer", // void *info
      "buffer", // __u32 *info_len
    ],
    result: "i32",
  },
  libbpf_version_string: { parameters: [], result: "pointer" },
  libbpf_num_possible_cpus: { parameters: [], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;
