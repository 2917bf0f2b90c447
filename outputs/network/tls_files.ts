// Certificates and keys for a connection, read when it is opened, so that renewed files are used without a restart.
// In: paths, under their keys in the configuration (config/sinks/network_keys.ts). Out: their texts in PEM, or an Error that says which file is wrong and why.
// Elsewhere: handing them to a library (outputs/sinks/), to fetch (outputs/network/http_push.ts).

import { readSlowFile } from "../../files/mod.ts";
import { SinkError } from "../sink.ts";

/** Bundles of all authorities in the world are smaller. */
export const MAX_SECRET_BYTES = 16 << 20;

export interface TlsFiles {
  /** authorities that are trusted instead of the system's; "" for those */
  readonly ca_cert: string;
  /** what this host shows; "" for nothing */
  readonly client_cert: string;
  readonly client_key: string;
}

export interface TlsTexts {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export async function readTlsFiles(files: TlsFiles): Promise<TlsTexts> {
  const [ca, cert, key] = await Promise.all([
    readPem("ca_cert", files.ca_cert),
    readPem("client_cert", files.client_cert),
    readPem("client_key", files.client_key),
  ]);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function readPem(key: string, path: string): Promise<string | undefined> {
  if (path === "") return undefined;
  const read = await readSlowFile(path, MAX_SECRET_BYTES);
  if ("problem" in read) throw tlsError(`${key}: ${path} cannot be read: ${read.problem.reason}`);
  const text = new TextDecoder().decode(read.bytes);
  if (!text.includes("-----BEGIN ")) throw tlsError(`${key}: ${path} holds no PEM (no line -----BEGIN …)`);
  return text;
}

function tlsError(message: string): SinkError {
  return new SinkError(message, { retryable: true, cause: "tls_files" });
}
