// Fields of the event itself: time, type, parameters, result.

import { parseFields } from "./parse.ts";

export const EVT_FIELDS = /* @__PURE__ */ parseFields(
  "evt",
  `
evt.num | u64 fn on=all anysource | Position of the event in the stream, counted from 1. | 4711
evt.time | str fn c3 on=all anysource | Local time of the event with nanoseconds. In JSON alerts it is a number: nanoseconds since 1970. | 08:15:30.123456789
evt.time.s | str fn c3 on=all anysource | Local time of the event, whole seconds. | 08:15:30
evt.time.iso8601 | str fn c3 on=all anysource | Time of the event in UTC, written as ISO 8601 with nanoseconds. | 2026-01-31T08:15:30.123456789+0000
evt.datetime | str fn c3 on=all anysource | Local date and time of the event with nanoseconds. | 2026-01-31 08:15:30.123456789
evt.datetime.s | str fn c3 on=all anysource | Local date and time of the event, whole seconds. | 2026-01-31 08:15:30
evt.rawtime | abstime fn on=all anysource | Time of the event in nanoseconds since 1970. | 1769847330123456789
evt.rawtime.s | abstime fn on=all anysource | Time of the event in whole seconds since 1970. | 1769847330
evt.rawtime.ns | abstime fn padded on=all anysource | The nanoseconds that evt.rawtime.s leaves out. | 123456789
evt.reltime | reltime fn padded on=all anysource | Nanoseconds since the first event of this run or trace. | 5000000000
evt.reltime.s | reltime fn on=all anysource | Whole seconds since the first event. | 5
evt.reltime.ns | reltime fn padded on=all anysource | The nanoseconds that evt.reltime.s leaves out. | 000000042
evt.pluginname | str json c2 on=all anysource | Name of the plugin that made the event; system calls have none. | k8saudit
evt.plugininfo | str json c3 on=all anysource | One line with which the plugin describes its event; system calls have none.
evt.source | str fn on=all anysource | Event source: what produced the event. | syscall
evt.is_async | bool fn on=all anysource | Whether the event was put into the stream from outside, such as the metadata of a container.
evt.asynctype | str fn on=async anysource | Kind of an event from outside the stream. | container
evt.hostname | str fn on=all anysource | Name of the host that the event is of, or what the variable FALCO_HOSTNAME said there. | node1
evt.latency | reltime deprecated on=all | Time between a call and its return. Has no value any more: calls are reported once, at their return.
evt.latency.s | reltime deprecated on=all | Seconds of evt.latency. Has no value any more.
evt.latency.ns | reltime deprecated padded on=all | Nanoseconds of evt.latency. Has no value any more.
evt.latency.quantized | u64 hidden deprecated on=all | Logarithm of evt.latency for histograms. Has no value any more.
evt.latency.human | str deprecated on=all | evt.latency for people. Has no value any more.
evt.deltatime | reltime fn on=all | Nanoseconds since the event before this one. | 180233
evt.deltatime.s | reltime fn on=all | Whole seconds since the event before this one.
evt.deltatime.ns | reltime fn padded on=all | The nanoseconds that evt.deltatime.s leaves out.
evt.outputtime | str fn print c3 on=all | Time of the event in the form that the output is set to.
evt.dir | str fn deprecated on=all | Direction: > for entry and < for return. Nearly all events are returns. | <
evt.type | str fn on=all | Name of the event: the system call, or what else happened. | openat
evt.type.is | u32 fn arg!event na on=all | 1 when the event has the type named after the dot, else 0. | evt.type.is.open
syscall.type | str fn | Name of the system call; there is none for events that are not system calls. | openat
evt.category | str fn on=all | Group of the event: file, net, memory, process, user, time … Reading and writing takes the kind of the fd. | file
evt.cpu | i16 fn on=all | CPU on which the event happened. | 3
evt.args | str fn c4 on=all | All parameters as name=value, separated by blanks. | fd=3(<f>/etc/passwd) name=/etc/passwd
evt.arg | str fn named c3 arg!index/name on=all | One parameter as text, by its name or by its position: evt.arg.flags, evt.arg[0]. | AT_REMOVEDIR
evt.rawarg | dyn fn named c2 arg!name nx nr on=all | One parameter as it is, with the type of the parameter: evt.rawarg.fd. | 3
evt.info | str fn c4 on=all | The same as evt.args.
evt.buffer | bytes fn c2 on=io | Beginning of the data that was read or written, as many bytes as falco_libs.snaplen keeps.
evt.buflen | u64 fn on=io | Bytes that were read or written. | 4096
evt.res | str fn c2 | Outcome of the call: SUCCESS, or the name of the error. | ENOENT
evt.rawres | i64 fn | Number that the call returned; negative numbers are errors. | -2
evt.failed | bool fn | Whether the call returned an error.
evt.is_io | bool fn | Whether the event reads from or writes to an fd.
evt.is_io_read | bool fn | Whether the event reads from an fd.
evt.is_io_write | bool fn | Whether the event writes to an fd.
evt.io_dir | str fn on=io | Direction of the transfer: read or write. | read
evt.is_wait | bool fn | Whether the call waits for something: poll, select, sleeping.
evt.wait_latency | reltime deprecated | Time that a waiting call took. Has no value any more.
evt.is_syslog | bool fn c2 on=io | Whether the data was written to the system log, /dev/log.
evt.count | u32 fn on=all | 1 for every event, to be added up. | 1
evt.count.error | u32 fn | 1 for calls that failed, to be added up.
evt.count.error.file | u32 fn | 1 for failed calls on files, to be added up.
evt.count.error.net | u32 fn | 1 for failed calls on network connections, to be added up.
evt.count.error.memory | u32 fn | 1 for failed calls about memory, to be added up.
evt.count.error.other | u32 fn | 1 for failed calls of no other kind, to be added up.
evt.count.exit | u32 fn | 1 for returns from calls, to be added up.
evt.count.procinfo | u32 fn hidden on=all | 1 for the periodic reports about processes, which old captures have.
evt.count.threadinfo | u32 fn hidden on=all | 1 for the periodic reports about processes and threads, which old captures have.
evt.around | u64 fn filter nx nr arg!time on=all | Holds within so many milliseconds around the given time: evt.around[1769847330000000000]=500.
evt.abspath | str fn c3 arg?name on=path | Absolute path that a call's directory fd and name make; evt.abspath.src and evt.abspath.dst for calls with two. | /etc/shadow
evt.buflen.in | u64 fn hidden on=io | Bytes that were read.
evt.buflen.out | u64 fn hidden on=io | Bytes that were written.
evt.buflen.file | u64 fn hidden on=io | Bytes read from or written to a file.
evt.buflen.file.in | u64 fn hidden on=io | Bytes read from a file.
evt.buflen.file.out | u64 fn hidden on=io | Bytes written to a file.
evt.buflen.net | u64 fn hidden on=io | Bytes received or sent over the network.
evt.buflen.net.in | u64 fn hidden on=io | Bytes received over the network.
evt.buflen.net.out | u64 fn hidden on=io | Bytes sent over the network.
evt.is_open_read | bool fn on=open | Whether a path is opened for reading.
evt.is_open_write | bool fn on=open | Whether a path is opened for writing.
evt.is_open_exec | bool fn on=open | Whether a file is created with permission to execute it.
evt.is_open_create | bool fn on=open | Whether the call really created the file.
evt.infra.docker.name | str hidden on=all | Name of an event of the Docker engine. Kept for old rules.
evt.infra.docker.container.id | str hidden on=all | Container of an event of the Docker engine. Kept for old rules.
evt.infra.docker.container.name | str hidden on=all | Name of the container of an event of the Docker engine. Kept for old rules.
evt.infra.docker.container.image | str hidden on=all | Image of the container of an event of the Docker engine. Kept for old rules.
`,
);
