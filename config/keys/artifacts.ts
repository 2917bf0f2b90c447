// Keys about artifacts: rules and plugins that come from registries.

import { CronSchedule } from "../../base/cron/mod.ts";
import { messageOf } from "../../base/mod.ts";
import { bool, choices, duration, list, own, record, required, text, texts } from "../definition.ts";

const ARTIFACT_TYPES = ["rulesfile", "plugin"] as const;

export const ARTIFACTS = own({
  "artifacts.install": texts(
    "artifacts that are installed once while falco runs, and tried again until they are: a name of an index or " +
      "registry/repository, with a tag, a range of versions (`:^1.2`) or a digest",
  ),
  "artifacts.follow": texts(
    "artifacts that are looked at again and again: a new version is loaded when it is good",
  ),
  "artifacts.follow_every": duration(
    604_800_000,
    60_000,
    31_536_000_000,
    "how often followed artifacts are looked at; a tenth of it is chance",
  ),
  "artifacts.follow_cron": text(
    "",
    "when followed artifacts are looked at, in place of artifacts.follow_every: a cron expression (`0 3 * * 1-5`, `@daily`, " +
      "`CRON_TZ=Europe/Berlin 0 3 * * *`); in the minute that it names, by chance not all hosts in its first second",
    (cron) => cron === "" ? undefined : problemOfCron(cron),
  ),
  "artifacts.folder": text(
    "/var/lib/falco/artifacts",
    "where artifacts are: its folder `rules` is loaded, `plugins` is not, `state` says what is installed",
    (path) => path.startsWith("/") ? undefined : "must be an absolute path",
  ),
  "artifacts.allowed_types": choices(ARTIFACT_TYPES, "kinds of artifacts that are installed", ARTIFACT_TYPES),
  "artifacts.resolve_deps": bool(true, "install what artifacts depend on as well"),
  "artifacts.indexes": list(
    record({
      "name": required(text(undefined, "name")),
      "url": required(text(undefined, "https://…, or the path of a file")),
      "backend": text(
        "",
        "falcoctl's word for how it is read, which its address says already",
        (backend) =>
          ["", "http", "https", "file"].includes(backend)
            ? undefined
            : "must be http, https or file: falco has no credentials of clouds",
      ),
    }, "an index"),
    "lists that tell where an artifact of a plain name is; of two entries of one name the later index counts",
  ),
  "artifacts.registries": list(
    record({
      "registry": required(text(undefined, "host, or host:port")),
      "mirrors": texts("host[:port][/prefix] that are asked first, in this order"),
      "plain_http": bool(false, "HTTP without TLS"),
      "ca_file": text("", "file with certificates that are trusted for it, in PEM"),
      "auth_file": text(
        "",
        "file with credentials, as docker login writes it; empty: where Docker and Podman keep theirs",
      ),
    }, "a registry"),
    "how registries are reached that need more than HTTPS at their own address",
  ),
  "artifacts.signatures": list(
    record(
      {
        "match": required(text(undefined, "registry/repository; * stands for anything")),
        "key": text("", "file with cosign's public key"),
        "certificate_identity": text(
          "",
          "in place of a key: the name in the certificate, a URL or an e-mail address",
        ),
        "certificate_identity_regexp": text("", "a regular expression that fits somewhere in that name"),
        "certificate_oidc_issuer": text("", "the service that knew whose name it is, a URL"),
        "certificate_oidc_issuer_regexp": text("", "a regular expression that fits somewhere in that URL"),
        "ignore_tlog": bool(
          false,
          "do not look for the signature in a transparency log: a timestamp authority's word is enough",
        ),
      },
      "a key or an identity",
      keyOrIdentity,
    ),
    "artifacts whose place matches must be signed by one of the keys or identities that match; all else needs a signature only " +
      "where its index says so",
  ),
  "artifacts.trusted_root": text(
    "",
    "file with Sigstore's trusted_root.json, which signatures by an identity are checked with; without it, artifacts that need " +
      "such a signature are refused",
    (path) => path === "" || path.startsWith("/") ? undefined : "must be an absolute path",
  ),
  "artifacts.kubernetes": bool(
    false,
    "in a pod: take rules and settings from Rulesfile, Config and Plugin objects of its namespace, as `falco operator` has it set",
  ),
  "artifacts.allow_unverified": bool(false, "check no signatures at all"),
});

function keyOrIdentity(entry: Readonly<Record<string, unknown>>): string | undefined {
  const has = (key: string) => (entry[key] ?? "") !== "";
  const identity = ["certificate_identity", "certificate_oidc_issuer"].map((key) =>
    has(key) || has(`${key}_regexp`)
  );
  if (has("key") ? !identity.some(Boolean) : identity.every(Boolean)) return undefined;
  return "must have either key, or certificate_identity and certificate_oidc_issuer (one may be a _regexp)";
}

function problemOfCron(cron: string): string | undefined {
  try {
    new CronSchedule(cron);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
