// Makes of whatever a network library throws an error that a queue can act on and a user can read.
// In: an error and what was tried. Out: a SinkError with a word for metrics.
// Elsewhere: errors that mean something in one protocol only (outputs/sinks/).

import { SinkError } from "../sink.ts";

const MAX_MESSAGE_CHARACTERS = 400;
const MAX_CAUSES = 4;

const CAUSES: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [
    /WRONGPASS|NOAUTH|authori[sz]ation|not authori[sz]ed|authenticat|credential|password|SASL/i,
    "authentication",
  ],
  [/ECONNREFUSED|connection refused/i, "refused"],
  [/ENOTFOUND|EAI_|dns error|failed to lookup/i, "dns"],
  [/certificate|CERT_|ERR_TLS|ERR_SSL|handshake|UnknownIssuer|self.signed|alert (number|unknown)/i, "tls"],
  [/ETIMEDOUT|time(d)? ?out/i, "timeout"],
  [/ENETUNREACH|EHOSTUNREACH|unreachable/i, "unreachable"],
  [/ECONNRESET|EPIPE|reset|closed|disconnect|broken pipe|ended|end of file|eof/i, "reset"],
];

/** What is wrong with a connection passes: only a receiver that answers can refuse a message for ever. */
export function networkError(what: string, error: unknown): SinkError {
  if (error instanceof SinkError) return error;
  const said = saidBy(error);
  const cause = CAUSES.find(([pattern]) => pattern.test(said))?.[1] ?? "network";
  return new SinkError(`${what}: ${oneLine(said)}`, { retryable: true, cause });
}

/** What a stranger said, fit for a line of the log. */
export function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return line.length > MAX_MESSAGE_CHARACTERS ? `${line.slice(0, MAX_MESSAGE_CHARACTERS)}…` : line;
}

/** Where something is sent, without a user, a password or a query that holds a key. */
export function publicUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return url.replace(/^[^/]*\/\/[^/]*@/, "").replace(/[?#].*$/, "");
  return `${parsed.protocol}//${parsed.host}${parsed.pathname === "/" ? "" : parsed.pathname}`;
}

/** Libraries wrap: the reason often is in the cause, or in the code alone. */
function saidBy(error: unknown): string {
  const parts: string[] = [];
  for (let at = error, depth = 0; at !== undefined && at !== null && depth < MAX_CAUSES; depth++) {
    if (!(at instanceof Error)) {
      parts.push(String(at));
      break;
    }
    const { message, code } = at as Error & { readonly code?: unknown };
    const word = typeof code === "string" && !message.includes(code) ? code : "";
    const text = [message, word].filter((part) => part !== "").join(" ") || at.name;
    if (!parts.some((part) => part.includes(text))) parts.push(text);
    at = at instanceof AggregateError && at.cause === undefined ? at.errors[0] : at.cause;
  }
  // fetch repeats the address with its query, where a key may stand
  return parts.join(": ").replace(/ for url \([^)]*\)/g, "") || "no reason given";
}
