// Takes secrets out of what people send to others when they ask for help.
// In: a value with the name of its key, or a text such as a command line. Out: the same with *** in their place.
// A table says which settings are secret (config/definition.ts); here is what no table knows: values of plugins, texts
// in which a user wrote a password.

export const MASK = "***";

/** Names of keys whose values are nobody's business. */
const NAME =
  "pass(?:word|wd|phrase)?|secret|token|api[-_]?key|credentials?|private[-_]?key|authorization|cookie|auth";
const SECRET_KEY = new RegExp(`(?:^|[._-])(?:[a-z0-9_-]*[_-])?(?:${NAME})$`, "i");
/** A file that holds a secret is none itself. */
const FILE_KEY = /(?:file|path|dir(?:ectory)?)$/i;

/** `name=value`, `"name": "value"`, `?name=value`, `Name: scheme value` within a text. */
const ASSIGNED = new RegExp(
  `((?:${NAME})["']?\\s*[=:]\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|'[^']*'|(?:(?:bearer|basic)\\s+)?[^\\s,;&"'}\\]]+)`,
  "gi",
);
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9+/._~=-]{8,}/gi;
/** `https://user:password@host`: the user may be a token as well. */
const URL_USER = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"']+@/gi;

/** `curl -u user:password` */
const CURL_USER = /(\s(?:-u|--user)[\s=]*)["']?[^\s:"']+:[^\s"']+["']?/g;
/** Addresses that let in anyone who knows them. */
const WEBHOOK =
  /\b(https?:\/\/(?:hooks\.slack\.com\/|discord(?:app)?\.com\/api\/webhooks\/|[a-z0-9.-]*webhook\.office\.com\/))[^\s"']+/gi;

export function maskText(text: string): string {
  return text
    .replace(URL_USER, `$1${MASK}@`)
    .replace(WEBHOOK, `$1${MASK}`)
    .replace(CURL_USER, `$1${MASK}`)
    .replace(ASSIGNED, `$1${MASK}`)
    .replace(BEARER, `$1 ${MASK}`);
}

/** Whatever a user may have written: every text in it is looked at, and every key. */
export function maskValue(value: unknown, key = ""): unknown {
  if (isSecretKey(key) && value !== "" && value !== null && typeof value !== "boolean") return MASK;
  if (typeof value === "string") return maskText(value);
  if (Array.isArray(value)) return value.map((item) => maskValue(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskValue(inner, name)]));
}

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key) && !FILE_KEY.test(key);
}
