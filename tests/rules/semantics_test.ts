// What each operator means for each type of field, through the whole pipeline: true, false, and a missing value, for
// which every check is false.

import { assertEvaluated, ON_EXEC, open, socket, unlink, write } from "./evaluated_events.ts";

const TEXT = "proc.exepath";
const V = "/usr/bin/python3";

Deno.test("text: equality, order, parts", () => {
  assertEvaluated([
    [`${TEXT} = ${V}`, true],
    [`${TEXT} == ${V}`, true],
    [`${TEXT} = /usr/bin/Python3`, false],
    [`${TEXT} = /usr/bin/python`, false],
    [`${TEXT} = /usr/bin/python33`, false],
    [`${TEXT} != ${V}`, false],
    [`${TEXT} != /usr/bin/python`, true],
    [`${TEXT} != ""`, true],
    [`proc.env[EMPTY] = ""`, true],
    // as in Falco, a variable that is not set is an empty text
    [`proc.env[NOTHING] = ""`, true],
    [`proc.env[NOTHING] exists`, true],
    [`proc.args[9] = ""`, true],
    [`${TEXT} < val(proc.exepath)`, false],
    [`proc.name > val(proc.pname)`, true],
    [`proc.name <= val(proc.pname)`, false],
    [`proc.pname < val(proc.name)`, true],
    [`${TEXT} contains bin/py`, true],
    [`${TEXT} contains ""`, true],
    [`${TEXT} contains ${V}x`, false],
    [`${TEXT} contains BIN`, false],
    [`${TEXT} icontains BIN/Py`, true],
    [`${TEXT} icontains bon`, false],
    [`${TEXT} startswith /usr`, true],
    [`${TEXT} startswith usr`, false],
    [`${TEXT} startswith ${V}`, true],
    [`${TEXT} startswith ${V}4`, false],
    [`${TEXT} endswith thon3`, true],
    [`${TEXT} endswith thon`, false],
    [`${TEXT} endswith ${V}`, true],
  ], ON_EXEC);
});

Deno.test("text: glob as fnmatch, regex over the whole value", () => {
  assertEvaluated([
    [`${TEXT} glob /usr/*`, true],
    [`${TEXT} glob "*/python?"`, true],
    [`${TEXT} glob /usr/bin/python`, false],
    [`${TEXT} glob "/usr/*/[p-q]ython[0-9]"`, true],
    [`${TEXT} glob "/usr/*/[!p]*"`, false],
    [`${TEXT} glob /USR/*`, false],
    [`${TEXT} iglob /USR/*`, true],
    [`${TEXT} iglob "/USR/BIN/PYTHON[3-4]"`, true],
    [`${TEXT} regex "/usr/.*"`, true],
    [`${TEXT} regex "usr"`, false],
    [`${TEXT} regex ".*python[23]"`, true],
    [`${TEXT} regex ".*python[45]"`, false],
    [`${TEXT} regex "(/[a-z0-9]+){3}"`, true],
    [`${TEXT} regex "(/[a-z0-9]+){4}"`, false],
    [`proc.env[EMPTY] regex ""`, true],
    [`proc.env[EMPTY] glob "*"`, true],
  ], ON_EXEC);
});

Deno.test("text: sets and path prefixes", () => {
  assertEvaluated([
    [`${TEXT} in (a, ${V}, b)`, true],
    [`${TEXT} in (a, b)`, false],
    [`${TEXT} in ()`, false],
    [`not ${TEXT} in ()`, true],
    [`${TEXT} intersects (a, ${V})`, true],
    [`${TEXT} intersects (a)`, false],
    [`${TEXT} pmatch (/usr)`, true],
    [`${TEXT} pmatch (/usr/)`, true],
    [`${TEXT} pmatch (/us)`, false],
    [`${TEXT} pmatch (/usr/bin/python)`, false],
    [`${TEXT} pmatch (/etc, ${V})`, true],
    [`${TEXT} pmatch (/usr/bin/python3/lib)`, false],
    [`${TEXT} pmatch (/usr/*/python3)`, true],
    [`${TEXT} pmatch (/usr/l*)`, false],
    [`${TEXT} pmatch (/)`, true],
  ], ON_EXEC);
});

Deno.test("a missing value makes every check false, and its negation true", () => {
  const checks = [
    "= a",
    "!= a",
    "contains a",
    "icontains a",
    "startswith a",
    "endswith a",
    "glob *",
    "iglob *",
    "regex .*",
    "in (a)",
    "in ()",
    "intersects (a)",
    "pmatch (/)",
    "exists",
    "= val(proc.name)",
    "!= val(proc.name)",
    "startswith anyof (a, b)",
    "!= allof (a, b)",
    "= oneof (a, b)",
  ];
  const missing = ["fd.name", "proc.aname[9]", "evt.arg.linkpath", "fs.path.target", "tolower(fd.name)"];
  assertEvaluated(
    missing.flatMap((field) =>
      checks.flatMap((check): [string, boolean][] =>
        // a few fields cannot be transformed or compared with another
        field.startsWith("proc.aname") && check.includes("val(")
          ? []
          : [[`${field} ${check}`, false], [`not ${field} ${check}`, true]]
      )
    ),
    ON_EXEC,
  );
  const numbers = ["= 1", "!= 1", "< 1", "<= 1", "> 1", ">= 1", "in (1)", "exists"];
  assertEvaluated(
    ["fd.num", "fd.sport", "evt.rawarg.backlog", "len(fd.name)"].flatMap((field) =>
      numbers.flatMap((
        check,
      ): [string, boolean][] => [[`${field} ${check}`, false], [`not ${field} ${check}`, true]])
    ),
    ON_EXEC,
  );
  assertEvaluated([
    ["fd.ip = 1.2.3.4", false],
    ["fd.ip != 1.2.3.4", false],
    ["fd.net in (0.0.0.0/0)", false],
    ["fd.is_server = false", false],
    ["fd.is_server = true", false],
    ["fd.connected exists", false],
    ["evt.buffer contains a", false],
    ["evt.buffer bcontains 61", false],
    ["proc.name = val(fd.name)", false],
    ["proc.name != val(fd.name)", false],
    ["proc.name = tolower(fd.name)", false],
    ["proc.name in (python3)", true],
    ["concat(proc.name, fd.name) exists", false],
  ], ON_EXEC);
});

Deno.test("modifiers: at least one, each, exactly one", () => {
  assertEvaluated([
    [`${TEXT} startswith anyof (/etc, /usr)`, true],
    [`${TEXT} startswith anyof (/etc, /var)`, false],
    [`${TEXT} startswith anyof ()`, false],
    [`${TEXT} contains allof (usr, bin)`, true],
    [`${TEXT} contains allof (usr, sbin)`, false],
    [`${TEXT} contains allof ()`, false],
    [`${TEXT} contains oneof (usr, sbin)`, true],
    [`${TEXT} contains oneof (usr, bin)`, false],
    [`${TEXT} contains oneof (xx, yy)`, false],
    [`${TEXT} contains oneof ()`, false],
    [`${TEXT} contains oneof (usr, usr)`, false],
    [`${TEXT} = anyof (a, ${V})`, true],
    [`${TEXT} != allof (a, b)`, true],
    [`${TEXT} != allof (a, ${V})`, false],
    [`${TEXT} != anyof (a, ${V})`, true],
    [`${TEXT} != oneof (a, ${V})`, true],
    [`${TEXT} glob anyof (/etc/*, /usr/*)`, true],
    [`${TEXT} iglob allof (/USR/*, *3)`, true],
    [`${TEXT} regex anyof ("/etc.*", "/usr.*")`, true],
    [`${TEXT} regex allof ("/etc.*", "/usr.*")`, false],
    [`${TEXT} endswith oneof (3, n3)`, false],
    [`${TEXT} icontains anyof (PYTHON, PERL)`, true],
    ["proc.name = oneof", false],
    ["not (proc.name = anyof (bash, zsh))", true],
  ], ON_EXEC);
});

Deno.test("numbers, booleans, times", () => {
  assertEvaluated([
    ["proc.pid = 70", true],
    ["proc.pid = 0x46", true],
    ["proc.pid = 71", false],
    ["proc.pid != 70", false],
    ["proc.pid != 71", true],
    ["proc.pid < 70", false],
    ["proc.pid <= 70", true],
    ["proc.pid > 69", true],
    ["proc.pid >= 71", false],
    ["proc.pid in (1, 70)", true],
    ["proc.pid in (1, 2)", false],
    ["proc.pid in ()", false],
    ["proc.pid intersects (70)", true],
    ["proc.pid exists", true],
    ["proc.pid > -1", true],
    ["user.uid >= 1000", true],
    ["user.uid < 1000", false],
    ["proc.tty != 0", true],
    ["proc.cmdnargs = 4", true],
    ["evt.rawres = 0", true],
    ["evt.failed = false", true],
    ["evt.failed = true", false],
    ["evt.failed != true", true],
    ["evt.failed in (false)", true],
    ["proc.is_vpgid_leader = true", true],
    ["evt.rawtime = 2000000005", true],
    ["evt.rawtime > 2000000005", false],
    ["evt.rawtime.s = 2", true],
    ["evt.rawtime.ns = 5", true],
    ["evt.type = execve", true],
    ["evt.type in (open, execve)", true],
    ["evt.type startswith execve", true],
    ["evt.type != execve", false],
    ["evt.rawarg.uid = 1000", true],
    ["evt.rawarg.uid > 1000", false],
  ], ON_EXEC);
});

Deno.test("lists: all elements for `in`, one for `intersects`", () => {
  const events = [...ON_EXEC, open(70, 3, "/etc/passwd"), socket(70, 4, 2), open(70, 5, "/etc/shadow")];
  assertEvaluated([
    ["fd.types in (file, ipv4, unix)", true],
    ["fd.types in (file)", false],
    ["fd.types intersects (file, pipe)", true],
    ["fd.types intersects (pipe)", false],
    ["fd.types intersects ()", false],
    ["fd.types in ()", false],
    ["fd.types exists", true],
    ["fd.types[3] in (file)", true],
    ["fd.types[99] exists", false],
    ["fd.types[99] in (file)", false],
  ], events);
});

Deno.test("bytes: text and hexadecimal needles", () => {
  const data = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0x00, 0xff, 0x41);
  assertEvaluated([
    ["evt.buffer contains ELF", true],
    ["evt.buffer contains elf", false],
    ["evt.buffer bcontains 454c46", true],
    ["evt.buffer bcontains 00FF", true],
    ["evt.buffer bcontains ff00", false],
    ["evt.buffer bstartswith 7f45", true],
    ["evt.buffer bstartswith 45", false],
    ["evt.buffer startswith ELF", false],
    ["evt.buffer endswith A", true],
    ["evt.buffer exists", true],
    [String.raw`evt.buffer = "\x7fELF\x00\xffA"`, true],
    [String.raw`evt.buffer contains "\x00\xff"`, true],
    [String.raw`evt.buffer = "\x7fELF"`, false],
    ["evt.rawarg.data bcontains 4c46", true],
    ["evt.rawarg.data bstartswith 7f", true],
    ["len(evt.buffer) = 7", true],
    ["evt.buflen = 7", true],
  ], [...ON_EXEC, open(70, 3, "/tmp/x"), write(70, 3, data)]);
});

Deno.test("ancestors: of one generation, or any but the process itself", () => {
  assertEvaluated([
    ["proc.aname[0] = python3", true],
    ["proc.aname[1] = bash", true],
    ["proc.aname[2] = sshd", true],
    ["proc.aname[2] = bash", false],
    ["proc.aname = sshd", true],
    ["proc.aname = bash", true],
    ["proc.aname = python3", false],
    ["proc.aname in (zsh, sshd)", true],
    ["proc.aname startswith ss", true],
    ["proc.aname = bash and proc.aname = sshd", true],
    ["proc.aname != bash", true],
    ["proc.aname = zsh", false],
    ["not proc.aname = zsh", true],
    ["proc.aexepath = /usr/sbin/sshd", true],
    ["proc.apid = 50", true],
    ["proc.apid = 70", false],
    ["proc.apid[1] = 60", true],
    ["proc.pname = bash", true],
    ["proc.ppid = 60", true],
    ["proc.aname contains anyof (zzz, shd)", true],
  ], ON_EXEC);
});

Deno.test("transformers, nested and on both sides", () => {
  assertEvaluated([
    ["toupper(proc.name) = PYTHON3", true],
    ["tolower(toupper(proc.name)) = python3", true],
    ["basename(proc.exepath) = python3", true],
    ["basename(proc.exepath) = val(proc.name)", true],
    ["toupper(basename(proc.exepath)) = toupper(proc.name)", true],
    ["proc.name = basename(proc.exepath)", true],
    ["proc.name != basename(proc.exepath)", false],
    ["proc.exepath endswith val(proc.name)", true],
    ["proc.exepath contains val(proc.name)", true],
    ["proc.exepath startswith val(proc.name)", false],
    ["len(proc.name) = 7", true],
    ["len(proc.name) > 7", false],
    ["len(proc.exepath) >= len(proc.name)", true],
    ['concat(proc.pname, "-", proc.name) = bash-python3', true],
    ['concat(proc.pname, "-", proc.name) = concat(proc.pname, "-", proc.name)', true],
    ['join("/", (proc.pname, proc.name)) = bash/python3', true],
    ["proc.pid = val(proc.pid)", true],
    ["proc.pid != val(proc.ppid)", true],
    ["proc.pid > val(proc.ppid)", true],
    ["proc.name = val(proc.pname)", false],
    ["proc.name in (val)", false],
    ["tolower(proc.name) in (python3)", true],
    ["toupper(proc.exepath) pmatch (/USR/BIN)", true],
    ['tolower(proc.name) regex "py.*"', true],
    ["tolower(proc.name) startswith anyof (py, pe)", true],
    ["proc.args[2] = Print", true],
    ["tolower(proc.args[2]) = print", true],
    ["proc.env[HOME] = /root", true],
    ["proc.args contains -u", true],
    ["b64(proc.args[3]) = hello", true],
    ["toupper(b64(proc.args[3])) = HELLO", true],
    ["b64(proc.args[0]) = hello", false],
  ], ON_EXEC);
});

Deno.test("lists in parentheses: getopt and join", () => {
  assertEvaluated([
    [`getopt(("-n", "-t", "hello"), "nt:") intersects ("hello")`, true],
    [`getopt(("-n", "-t", "hello"), "nt:") in (n, t, hello)`, true],
    [`getopt(("-n", "-t", "hello"), "nt:") in (n, t)`, false],
    [`getopt(("-nthello", "-x"), "nt:") intersects ("?")`, true],
    [`getopt(("-n", "--", "-t"), "nt") intersects (t)`, false],
    [`getopt(("--exec", "-n"), "n") intersects (n)`, true],
    [`getopt(("file", "-n"), "n") intersects (n)`, false],
    [`getopt(("-t"), "t:") intersects ("")`, true],
    [`getopt(("-t", "a", "-t", "b"), "t:")[t] = b`, true],
    [`getopt(("-t"), "t:")[t] = ""`, true],
    [`getopt(("-n"), "nt:")[t] != ""`, false],
    [`getopt(("-n"), "nt:")[n] = n`, true],
    [`getopt((proc.args[0], proc.args[1], proc.args[2]), "uc:")[c] = Print`, true],
    [`getopt((proc.args[0], fd.name), "u") exists`, false],
    [`len(getopt(("-abc"), "abc")) = 3`, true],
    [`join("+", getopt(("-abc"), "abc")) = a+b+c`, true],
    [`join(",", (proc.pid, proc.name)) = "70,python3"`, true],
    [`join(",", (evt.rawres, user.uid)) = "0,1000"`, true],
    [`join(",", ()) = ""`, true],
    [`join(",", (proc.name, fd.name)) exists`, false],
  ], ON_EXEC);
});

Deno.test("precedence: not before and before or", () => {
  const t = "proc.name = python3", f = "proc.name = perl";
  assertEvaluated([
    [`${t} or ${t} and ${f}`, true],
    [`(${t} or ${t}) and ${f}`, false],
    [`${f} and ${f} or ${t}`, true],
    [`${f} and (${f} or ${t})`, false],
    [`not ${f} and ${t}`, true],
    [`not ${t} and ${f}`, false],
    [`not (${t} and ${f})`, true],
    [`not ${t} or ${t}`, true],
    [`not not ${t}`, true],
    [`not (not ${t})`, true],
    [`not(${f}) and not(${f})`, true],
    [`${t} and not ${f} or ${f}`, true],
    [`${f} or ${f} or not ${t}`, false],
    [`((${t}))`, true],
  ], ON_EXEC);
});

Deno.test("the event decides: fields of fds and parameters that an event does not have", () => {
  assertEvaluated([
    ["evt.type = unlink and evt.arg.path = /tmp/x", true],
    ["evt.arg.path endswith x", true],
    ["evt.arg[1] = /tmp/x", true],
    ["evt.arg.flags exists", false],
    ["evt.arg.flags != x", false],
    ["not evt.arg.flags = x", true],
    ["fd.name exists", false],
    ["evt.res = SUCCESS", true],
    ["evt.category = file", true],
    ["evt.dir = <", true],
    ["evt.is_io = false", true],
  ], [...ON_EXEC, unlink(70, "/tmp/x")]);
  assertEvaluated([
    ["evt.res = ENOENT", true],
    ["evt.rawres = -2", true],
    ["evt.rawres < 0", true],
    ["evt.failed = true", true],
    ["evt.rawres in (-1, -2)", true],
  ], [...ON_EXEC, unlink(70, "/tmp/x", -2)]);
});
