// What is known of a receiver before there is an alert: its name, the files for TLS. Nothing connects.

import { deepEqual, rejects } from "node:assert/strict";
import { tryHosts, tryReceiver } from "../../outputs/network/try_receiver.ts";
import { HttpSink } from "../../outputs/sinks/http.ts";
import { planSinks } from "../../outputs/create_sinks.ts";
import { load } from "../config/loading.ts";

const NO_NAME = /the name no\.such\.host\.invalid has no address/;

Deno.test("a name without an address is told, for each way in which addresses are written", async () => {
  for (
    const address of [
      "https://no.such.host.invalid/x",
      "no.such.host.invalid:9092",
      "nats://no.such.host.invalid:4222",
      "mqtts://user:secret@no.such.host.invalid",
      "tls://no.such.host.invalid",
    ]
  ) await rejects(tryHosts(address), NO_NAME, address);
});

Deno.test("numbers, sockets, names that are known, and one good broker of several are fine", async () => {
  for (
    const address of [
      "",
      "http://127.0.0.1:9/x",
      "http://[::1]:9/x",
      "unix:///dev/log",
      "/dev/log",
      "localhost:1",
      "no.such.host.invalid:1,127.0.0.1:2",
    ]
  ) await tryHosts(address);
});

Deno.test("a certificate that is not there is told; one of a client that is not asked for does not matter", async () => {
  await rejects(
    tryReceiver({ url: "https://127.0.0.1/", ca_cert: "/nowhere.pem" }),
    /ca_cert: \/nowhere\.pem cannot be read/,
  );
  const around = { unbuffered: false, waits: false, onStdoutClosed: () => {}, onNews: () => {} };
  const sink = (more: string) => {
    const { settings, problems } = load(
      `stdout_output: {enabled: false}\nhttp_output: {enabled: true, ${more}}\n`,
    );
    deepEqual(problems, []);
    return planSinks(settings, around)[0]!.create() as HttpSink;
  };
  const unused = "url: 'http://127.0.0.1/', client_cert: /nowhere.crt, ca_path: /nowhere";
  await sink(unused).tryOut();
  await rejects(sink("url: 'https://127.0.0.1/', ca_cert: /nowhere.pem").tryOut(), /nowhere\.pem/);
  await rejects(
    sink("url: 'https://127.0.0.1/', mtls: true, client_cert: /nowhere.crt").tryOut(),
    /nowhere\.crt/,
  );
  await rejects(sink("url: 'http://no.such.host.invalid/'").tryOut(), NO_NAME);
});
