// What operators mean for addresses, networks and ports, through the whole pipeline.
// Elsewhere: all other types (semantics_test.ts).

import { assertEvaluated, connect4, connect6, ON_EXEC, socket } from "./evaluated_events.ts";

const LOCAL4: [number[], number] = [[10, 0, 0, 7], 51034];
const REMOTE4: [number[], number] = [[93, 184, 216, 34], 22];

Deno.test("addresses, networks and ports of IPv4, of one end and of either", () => {
  assertEvaluated([
    ["fd.sip = 93.184.216.34", true],
    ["fd.sip = 10.0.0.7", false],
    ["fd.sip != 10.0.0.7", true],
    ["fd.cip = 10.0.0.7", true],
    ["fd.sip in (1.1.1.1, 93.184.216.34)", true],
    ["fd.sip = ::1", false],
    ["fd.sip != ::1", true],
    ["fd.ip = 10.0.0.7", true],
    ["fd.ip = 93.184.216.34", true],
    ["fd.ip = 10.0.0.8", false],
    ["fd.ip != 10.0.0.7", false],
    ["fd.ip != 10.0.0.8", true],
    ["fd.ip in (10.0.0.7)", true],
    ["fd.snet = 93.184.0.0/16", true],
    ["fd.snet != 93.184.0.0/16", false],
    ["fd.snet in (10.0.0.0/8, 93.0.0.0/8)", true],
    ["fd.snet in (10.0.0.0/8)", false],
    ["fd.snet = 0.0.0.0/0", true],
    ["fd.snet = ::/1", false],
    ["fd.net = 10.0.0.0/24", true],
    ["fd.net in (10.0.0.0/24, 11.0.0.0/24)", true],
    ["fd.net != 10.0.0.0/24", false],
    ["fd.net != 11.0.0.0/24", true],
    ["fd.sport = 22", true],
    ["fd.sport = ssh", true],
    ["fd.sport = 443", false],
    ["fd.sport in (https, ssh)", true],
    ["fd.sport < 1024", true],
    ["fd.cport > 50000", true],
    ["fd.port = 22", true],
    ["fd.port = 51034", true],
    ["fd.port = 23", false],
    ["fd.port != 22", false],
    ["fd.port in (1, 2)", false],
    ["fd.l4proto = tcp", true],
    ["fd.sockfamily = ip", true],
    ["fd.typechar = 4", true],
    ["fd.name = 10.0.0.7:51034->93.184.216.34:22", true],
    ["fd.sip = val(fd.cip)", false],
    ["fd.sip != val(fd.cip)", true],
    ["fd.sip = val(fd.sip)", true],
  ], [...ON_EXEC, socket(70, 4, 2), connect4(70, 4, LOCAL4, REMOTE4)]);
});

const LOCAL6: [number[], number] = [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], 51034];
const REMOTE6: [number[], number] = [[0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 443];

Deno.test("addresses and networks of IPv6", () => {
  assertEvaluated([
    ["fd.sip = 2001:db8:1::1", true],
    ["fd.sip = 2001:DB8:1:0:0:0:0:1", true],
    ["fd.sip = 2001:db8:1::2", false],
    ["fd.sip = 1.2.3.4", false],
    ["fd.sip != 1.2.3.4", true],
    ["fd.ip in (2001:db8::7)", true],
    ["fd.snet = 2001:db8:1::/48", true],
    ["fd.snet = 2001:db8:2::/48", false],
    ["fd.snet in (2001:db8::/32, 10.0.0.0/8)", true],
    ["fd.snet = ::/1", true],
    ["fd.snet = 0.0.0.0/0", false],
    ["fd.net = 2001:db8::/48", true],
    ["fd.sport = https", true],
    ["fd.typechar = 6", true],
  ], [...ON_EXEC, socket(70, 4, 10), connect6(70, 4, LOCAL6, REMOTE6)]);
});
