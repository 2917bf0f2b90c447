// Meeting a registry's challenge: Basic, or a token from the service that it names.
// In: a challenge, credentials. Out: the value of the header Authorization, kept until it ends.
// Elsewhere: when a challenge comes (registry.ts).

import { numberOf, objectOf, parseBoundedJson, textOf } from "../../base/mod.ts";
import { ArtifactError, quoted } from "../failure.ts";
import type { Challenge } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import type { Transport } from "./transport.ts";

const LIMITS = { bytes: 256 << 10, values: 10_000, depth: 16 };
const CLIENT = "falco";

/** Where a token service is asked, if at all. */
export interface TokenRequest {
  readonly challenge: Challenge;
  /** what is asked for when the challenge does not say */
  readonly scope: string;
  readonly credentials: Credentials | undefined;
  /** the registry itself: plain HTTP is for it alone */
  readonly registry: URL;
  readonly signal: AbortSignal;
}

export async function authorization(
  transport: Transport,
  request: TokenRequest,
): Promise<string | undefined> {
  const { challenge, credentials } = request;
  if (challenge.kind === "bearer") return `Bearer ${await askForToken(transport, request)}`;
  return credentials === undefined || credentials.user === "" ? undefined : basic(credentials);
}

async function askForToken(transport: Transport, request: TokenRequest): Promise<string> {
  const { challenge, credentials, registry, signal } = request;
  const url = realmOf(challenge, registry);
  const scope = challenge.scope || request.scope;
  const refreshes = credentials !== undefined && credentials.refreshToken !== "";
  const form = new URLSearchParams();
  if (refreshes) {
    form.set("grant_type", "refresh_token");
    form.set("refresh_token", credentials.refreshToken);
    form.set("client_id", CLIENT);
  }
  if (challenge.service !== "") (refreshes ? form : url.searchParams).set("service", challenge.service);
  (refreshes ? form : url.searchParams).set("scope", scope);
  const answer = await transport.request(url, {
    maxBytes: LIMITS.bytes,
    signal,
    headers: {
      accept: "application/json",
      ...refreshes ? { "content-type": "application/x-www-form-urlencoded" } : {},
      ...!refreshes && credentials !== undefined && credentials.user !== ""
        ? { authorization: basic(credentials) }
        : {},
    },
    ...refreshes ? { method: "POST", body: form.toString() } : {},
  });
  if (answer.status === 401 || answer.status === 403) {
    throw new ArtifactError(
      `${url.host} gives no token for ${registry.host}: status ${answer.status}`,
      {
        status: answer.status,
        hint: credentials === undefined
          ? "no credentials for this registry were found"
          : "look at the credentials",
      },
    );
  }
  if (answer.status !== 200) {
    throw new ArtifactError(`${url.host} answered with status ${answer.status} when asked for a token`, {
      status: answer.status,
    });
  }
  let body: Readonly<Record<string, unknown>>;
  try {
    body = objectOf(parseBoundedJson(answer.bytes, LIMITS));
  } catch {
    throw new ArtifactError(`${url.host} answered with what is no JSON when asked for a token`);
  }
  const token = textOf(body["token"]) || textOf(body["access_token"]);
  if (!/^[\x21-\x7e]+$/.test(token) || numberOf(body["expires_in"]) < 0) {
    throw new ArtifactError(`${url.host} gave no token`);
  }
  return token;
}

/** Passwords are shown over HTTPS only, but for a registry that is allowed to be without, at its own address. */
function realmOf({ realm }: Challenge, registry: URL): URL {
  const url = URL.parse(realm);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ArtifactError(`${registry.host} names no place to ask for a token: ${quoted(realm)}`);
  }
  if (url.protocol === "http:" && !(registry.protocol === "http:" && url.hostname === registry.hostname)) {
    throw new ArtifactError(
      `${registry.host} wants a token to be asked for over plain HTTP, at ${quoted(url.host)}`,
    );
  }
  return url;
}

function basic({ user, password }: Credentials): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
