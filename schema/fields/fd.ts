// Fields of the fd that the event opens or works on: files, sockets, pipes and the rest.
// A field without a prefix (fd.ip, fd.port, fd.net) stands for both ends of a connection: `either`. Its parts, source
// and target, ask for no role, unlike fd.cip and fd.sip, which need to know who is the client.

import { parseFields } from "./parse.ts";

export const FD_FIELDS = /* @__PURE__ */ parseFields(
  "fd",
  `
fd.num | i64 fn on=fd | Number of the fd. | 3
fd.type | str fn on=fd | Kind of the fd: file, directory, ipv4, ipv6, unix, pipe, event, signalfd, eventpoll, inotify, timerfd, netlink, bpf, userfaultfd, io_uring, memfd, pidfd. | ipv4
fd.typechar | str fn on=fd | Kind of the fd as one character: f file, d directory, 4 and 6 sockets, u unix socket, p pipe … | f
fd.name | str fn c2 on=fd | Path of a file, or both ends of a connection. | 10.0.0.7:51034->10.0.0.9:443
fd.directory | str fn c2 on=fd | Directory of a file, without a slash at the end. | /etc
fd.filename | str fn c2 on=fd | Last part of a file's path. | passwd
fd.ip | ip filter nx nr either=fd.ip.source,fd.ip.target c2 on=fd | Address of either end of the connection. | 10.0.0.7
fd.ip.source | ip fn own hidden filter nx nr c2 on=fd | Address of the end that connected; of a listening socket, its own. | 10.0.0.7
fd.ip.target | ip fn own hidden filter nx nr c2 on=fd | Address of the end that was connected to; of a listening socket, its own. | 10.0.0.9
fd.cip | ip fn c2 on=fd | Address of the client. | 10.0.0.7
fd.sip | ip fn c2 on=fd | Address of the server. | 10.0.0.9
fd.lip | ip fn c2 on=fd | Address of this host. | 10.0.0.7
fd.rip | ip fn c2 on=fd | Address of the other host. | 10.0.0.9
fd.port | port filter nx nr either=fd.port.source,fd.port.target c2 on=fd | Port of either end of the connection. | 443
fd.port.source | port fn own hidden filter nx nr c2 on=fd | Port of the end that connected; of a listening socket, its own. | 51034
fd.port.target | port fn own hidden filter nx nr c2 on=fd | Port of the end that was connected to; of a listening socket, its own. | 443
fd.cport | port fn c2 on=fd | Port of the client. | 51034
fd.sport | port fn c2 on=fd | Port of the server. | 443
fd.lport | port fn c2 on=fd | Port of this host. | 51034
fd.rport | port fn c2 on=fd | Port of the other host. | 443
fd.l4proto | str fn on=fd | Transport protocol of a socket: tcp, udp, icmp, raw. | tcp
fd.sockfamily | str fn on=fd | Family of a socket: ip or unix. | ip
fd.is_server | bool fn c2 on=fd | Whether the process is the server of the connection.
fd.uid | str fn c3 on=fd | An id of the fd made of the numbers of the thread and of the fd. | 42423
fd.containername | str fn c3 on=fd | Container id and name of the fd, joined by a colon.
fd.containerdirectory | str fn c3 on=fd | Container id and directory of the file, joined by a colon.
fd.proto | port filter nx nr either=fd.port.source,fd.port.target c2 on=fd | Port of either end of the connection, given by the name of its service. | https
fd.cproto | str fn c2 on=fd | Port of the client as a text; the names of services are not looked up. | 443
fd.sproto | str fn c2 on=fd | Port of the server as a text; the names of services are not looked up. | 443
fd.lproto | str fn c2 on=fd | Port of this host as a text; the names of services are not looked up. | 443
fd.rproto | str fn c2 on=fd | Port of the other host as a text; the names of services are not looked up. | 443
fd.net | net filter nx nr either=fd.net.source,fd.net.target c2 on=fd | Network that the address of either end lies in. | 10.0.0.0/8
fd.net.source | net fn=fd_ip_source own hidden filter nx nr c2 on=fd | Network that the address of the end that connected lies in.
fd.net.target | net fn=fd_ip_target own hidden filter nx nr c2 on=fd | Network that the address of the end that was connected to lies in.
fd.cnet | net fn=fd_cip filter nx nr c2 on=fd | Network that the address of the client lies in.
fd.snet | net fn=fd_sip filter nx nr c2 on=fd | Network that the address of the server lies in.
fd.lnet | net fn=fd_lip filter nx nr c2 on=fd | Network that the address of this host lies in.
fd.rnet | net fn=fd_rip filter nx nr c2 on=fd | Network that the address of the other host lies in.
fd.connected | bool fn on=fd | Whether the socket is connected.
fd.name_changed | bool fn on=fd | Whether this event changed the name of the fd, as the first packet of a UDP socket can.
fd.cip.name | str fn c4 nx nr on=fd | Host name of the client. In a condition, the names on the right are resolved to addresses. | example.org
fd.sip.name | str fn c4 nx nr on=fd | Host name of the server. In a condition, the names on the right are resolved to addresses. | example.org
fd.lip.name | str fn c4 nx nr on=fd | Host name of this end. In a condition, the names on the right are resolved to addresses.
fd.rip.name | str fn c4 nx nr on=fd | Host name of the other end. In a condition, the names on the right are resolved to addresses.
fd.dev | i32 fn hex on=fd | Number of the device that holds the file. | 803
fd.dev.major | i32 fn on=fd | Major number of the device that holds the file. | 8
fd.dev.minor | i32 fn on=fd | Minor number of the device that holds the file. | 3
fd.ino | i64 fn on=fd | Inode number of the file. | 1310755
fd.realname | str fn own on=fd | Path of the opened file as the kernel resolved it, symbolic links followed; fd.name where the kernel was not asked. | /etc/shadow
fd.nameraw | str fn on=fd | Path as the program passed it, neither resolved nor shortened. | ../../etc/shadow
fd.types | str fn list c3 arg?fd nr | Kinds of all fds of the process; fd.types[0] is the kind of one fd.
fd.is_upper_layer | bool fn on=fd | Whether the file lies in the writable layer of an overlay.
fd.is_lower_layer | bool fn on=fd | Whether the file lies in a lower layer of an overlay.
`,
);
