// How a sink of each type is made from its keys.
// In: a name, the keys of the type (config/sinks/), what surrounds all sinks. Out: the sink, which connects to nothing
// before it has something to deliver.
// Elsewhere: which sinks there are (create_sinks.ts). A new type: one line here or in sinks/network_sinks.ts,
// one in config/sinks/.

import { FACILITIES, type RecordOf, type SINK_TYPES, type SinkTypeName } from "../config/mod.ts";
import { isJournal } from "./local_syslog/journal.ts";
import type { Sink } from "./sink.ts";
import type { SinkNews } from "./sink_news.ts";
import { FileSink } from "./sinks/file.ts";
import { HttpSink } from "./sinks/http.ts";
import { NETWORK_SINKS } from "./sinks/network_sinks.ts";
import { ProgramSink } from "./sinks/program.ts";
import { StdoutSink } from "./sinks/stdout.ts";
import { createSyslogSink } from "./sinks/syslog.ts";

export interface SinkSurroundings {
  readonly unbuffered: boolean;
  /** who gives alerts waits for their delivery: standard output needs no bound */
  readonly waits: boolean;
  readonly onStdoutClosed: (error: Error) => void;
  readonly onNews: SinkNews;
}

export interface SinkContext extends SinkSurroundings {
  /** bodies are JSON */
  readonly isJson: boolean;
  /** what is not acknowledged is kept on a disk */
  readonly isSpooled: boolean;
  /** sinks that write lines gather them for so long */
  readonly lingerMs: number;
}

type SinkMaker<N extends SinkTypeName> = (
  name: string,
  keys: RecordOf<typeof SINK_TYPES[N]["keys"]>,
  context: SinkContext,
) => Sink;

export const SINK_MAKERS: { readonly [N in SinkTypeName]: SinkMaker<N> } = {
  stdout: (_name, _keys, { unbuffered, lingerMs, onStdoutClosed }) =>
    new StdoutSink(Deno.stdout, {
      unbuffered,
      lingerMs,
      isJournal: isJournal("stdout"),
      onClosed: onStdoutClosed,
    }),

  file: (name, keys, { lingerMs, onNews }) =>
    new FileSink({
      name,
      path: keys.filename,
      keepAlive: keys.keep_alive,
      rotation: {
        maxBytes: keys.rotate_size_mb * (1 << 20),
        maxAgeMs: keys.rotate_age,
        keep: keys.rotate_keep,
        compress: keys.rotate_compress,
      },
      lingerMs,
      onNews,
    }),

  syslog: (name, keys, { onNews }) =>
    createSyslogSink({
      onNews,
      name,
      address: keys.address,
      facility: FACILITIES.indexOf(keys.facility),
      ident: keys.ident,
      tls: {
        insecure: keys.insecure,
        caCert: keys.ca_cert,
        clientCert: keys.client_cert,
        clientKey: keys.client_key,
      },
      timeoutMs: keys.timeout,
    }),

  program: (name, keys, { isSpooled, lingerMs, onNews }) =>
    new ProgramSink({
      name,
      command: keys.program,
      keepAlive: keys.keep_alive,
      timeoutMs: keys.timeout,
      checksExitCode: isSpooled,
      lingerMs,
      onNews,
    }),

  http: (name, keys, { isJson, isSpooled }) =>
    new HttpSink({
      name,
      url: keys.url,
      userAgent: keys.user_agent,
      headers: keys.headers,
      contentType: !isJson ? "text/plain" : keys.batch_max > 1 ? "application/x-ndjson" : "application/json",
      tls: {
        insecure: keys.insecure,
        caCert: keys.ca_cert,
        caBundle: keys.ca_bundle,
        caPath: keys.ca_path,
        mtls: keys.mtls,
        clientCert: keys.client_cert,
        clientKey: keys.client_key,
      },
      echo: keys.echo,
      compress: keys.compress_uploads,
      keepAlive: keys.keep_alive,
      maxConsecutiveTimeouts: isSpooled ? Infinity : keys.max_consecutive_timeouts,
      maxBatch: keys.batch_max,
      timeoutMs: keys.timeout,
    }),

  ...NETWORK_SINKS,
};
