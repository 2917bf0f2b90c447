// The user's podTemplateSpec over the operator's own.
// In: two templates. Out: one: what the user says counts; lists whose entries have names are joined by them, as Kubernetes
// joins them; other lists are the user's.

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;

/** The key that tells entries of a list apart. */
const KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  volumes: "name",
  env: "name",
  ports: "containerPort",
  volumeMounts: "mountPath",
  imagePullSecrets: "name",
};
/** One of them excludes the others: the user's takes the place of ours as a whole. */
const WHOLE: readonly string[] = ["capabilities", "seccompProfile", "appArmorProfile", "httpGet"];
/** Their entries have one source each: two of them would be refused. */
const ONE_SOURCE: readonly string[] = ["volumes", "env"];

export function mergeTemplate(base: Fields, user: Fields): Fields {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(user)) {
    if (value === null || value === undefined) continue;
    merged[key] = mergeValue(key, base[key], value);
  }
  return merged;
}

function mergeValue(key: string, ours: Json, users: Json): Json {
  if (Array.isArray(ours) && Array.isArray(users)) {
    const by = KEYS[key];
    return by === undefined ? users : mergeLists(ours, users, by, ONE_SOURCE.includes(key));
  }
  const isWhole = WHOLE.includes(key) ||
    (key === "securityContext" && isFields(users) && users["privileged"] === true);
  return isFields(ours) && isFields(users) && !isWhole ? mergeTemplate(ours, users) : users;
}

function mergeLists(ours: readonly Json[], users: readonly Json[], by: string, isWhole: boolean): Json[] {
  const keyOf = (entry: Json) => isFields(entry) ? entry[by] : undefined;
  const left = [...users];
  const merged = ours.map((entry) => {
    const at = left.findIndex((other) => keyOf(other) === keyOf(entry));
    if (at < 0) return entry;
    const [user] = left.splice(at, 1);
    return isFields(entry) && isFields(user) && !isWhole ? mergeTemplate(entry, user) : user;
  });
  return [...merged, ...left];
}

function isFields(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
