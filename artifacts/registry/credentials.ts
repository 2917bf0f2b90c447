// Who falco is for a registry, from the files that Docker, Podman and oras write.
// In: a registry. Out: user and password, or a refresh token; nothing for an anonymous visit; an ArtifactError when a file
// or a helper is there and of no use.
// Elsewhere: what is done with them (tokens.ts).

import { isAbsolute, join } from "node:path";
import { givenEnvironment } from "../../assets/mod.ts";
import { objectAt, objectOf, parseBoundedJson, textOf } from "../../base/mod.ts";
import { ArtifactError, quoted } from "../failure.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** in place of both: a token by which others are asked for */
  readonly refreshToken: string;
}

export type FindCredentials = (registry: string) => Promise<Credentials | undefined>;

const LIMITS = { bytes: 1 << 20, values: 10_000, depth: 16 };
const HELPER_TIMEOUT_MS = 10_000;
const HELPER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** What helpers say when they know nobody. */
const NOT_FOUND = /credentials not found/i;
/** A user of this name means that the password is a refresh token. */
const TOKEN_USER = "<token>";
const DOCKER_HUB = "docker.io";
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";

/** Where such files are: $DOCKER_CONFIG, ~/.docker, and where Podman keeps its own. */
export function credentialFiles(environment = givenEnvironment()): string[] {
  const { DOCKER_CONFIG, HOME, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR } = environment;
  return [
    ...REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : [],
    ...DOCKER_CONFIG
      ? [join(DOCKER_CONFIG, "config.json")]
      : HOME
      ? [join(HOME, ".docker", "config.json")]
      : [],
    ...XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, "containers", "auth.json")] : [],
  ].filter(isAbsolute);
}

/** @param files the first that knows the registry counts; what is not there is passed over */
export function credentialsFrom(files: readonly string[]): FindCredentials {
  return async (registry) => {
    for (const file of files) {
      const bytes = await readBounded(file);
      if (bytes === undefined) continue;
      const found = await credentialsIn(bytes, registry, file);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** @param file for messages */
export async function credentialsIn(
  bytes: Uint8Array<ArrayBuffer>,
  registry: string,
  file: string,
): Promise<Credentials | undefined> {
  let config: unknown;
  try {
    config = parseBoundedJson(bytes, LIMITS);
  } catch {
    throw new ArtifactError(`credentials: ${file} is no JSON`);
  }
  const keys = registry === DOCKER_HUB ? [DOCKER_HUB_KEY, registry] : [registry, `https://${registry}`];
  const helpers = objectAt(config, "credHelpers");
  const helper = keys.map((key) => textOf(helpers[key])).find((name) => name !== "") ??
    textOf(objectOf(config)["credsStore"]);
  if (helper !== "") {
    const found = await askHelper(helper, keys[0]!);
    if (found !== undefined) return found;
  }
  const entry = keys.map((key) => objectAt(config, "auths", key)).find((one) => Object.keys(one).length > 0);
  return entry === undefined ? undefined : fromEntry(entry, file);
}

function fromEntry(entry: Readonly<Record<string, unknown>>, file: string): Credentials | undefined {
  const refreshToken = textOf(entry["identitytoken"]);
  const written = textOf(entry["auth"]);
  if (written === "") {
    const [user, password] = [textOf(entry["username"]), textOf(entry["password"])];
    return user === "" && refreshToken === "" ? undefined : { user, password, refreshToken };
  }
  let decoded: string;
  try {
    decoded = new TextDecoder().decode(Uint8Array.from(atob(written), (c) => c.charCodeAt(0)));
  } catch {
    throw new ArtifactError(`credentials: an entry of ${file} is not base64`);
  }
  const colon = decoded.indexOf(":");
  if (colon < 0) throw new ArtifactError(`credentials: an entry of ${file} is not user:password`);
  return {
    user: decoded.slice(0, colon),
    // as Docker on Windows writes it
    password: decoded.slice(colon + 1).replace(/\0+$/, ""),
    refreshToken,
  };
}

/** The program docker-credential-NAME, by the protocol that Docker has for it. */
async function askHelper(name: string, registry: string): Promise<Credentials | undefined> {
  if (!HELPER_NAME.test(name)) throw new ArtifactError(`credentials: ${quoted(name)} is no name of a helper`);
  const program = `docker-credential-${name}`;
  const signal = AbortSignal.timeout(HELPER_TIMEOUT_MS);
  let output: Deno.CommandOutput;
  try {
    const child = new Deno.Command(program, {
      args: ["get"],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      clearEnv: true,
      env: givenEnvironment(),
      signal,
    }).spawn();
    const writer = child.stdin.getWriter();
    // one that does not read its input may end before
    await writer.write(new TextEncoder().encode(registry)).then(() => writer.close()).catch(() => {});
    output = await child.output();
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such program" : String(error);
    throw new ArtifactError(`credentials: ${program}: ${reason}`);
  }
  if (signal.aborted) throw new ArtifactError(`credentials: ${program} took longer than 10 s`);
  const said = new TextDecoder().decode(output.stdout.subarray(0, LIMITS.bytes));
  if (!output.success) {
    if (NOT_FOUND.test(said)) return undefined;
    throw new ArtifactError(`credentials: ${program} failed: ${quoted(said.trim())}`);
  }
  let answer: Readonly<Record<string, unknown>>;
  try {
    answer = objectOf(parseBoundedJson(output.stdout.slice(0, LIMITS.bytes), LIMITS));
  } catch {
    throw new ArtifactError(`credentials: ${program} answered with what is no JSON`);
  }
  const [user, secret] = [textOf(answer["Username"]), textOf(answer["Secret"])];
  if (secret === "") return undefined;
  return user === TOKEN_USER
    ? { user: "", password: "", refreshToken: secret }
    : { user, password: secret, refreshToken: "" };
}

async function readBounded(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile || size > LIMITS.bytes) {
      throw new ArtifactError(`credentials: ${path} is no file of reasonable size`);
    }
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    if (error instanceof ArtifactError) throw error;
    throw new ArtifactError(
      `credentials: ${path} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}
