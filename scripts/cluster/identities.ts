// Keys, certificates and kubeconfig files of a cluster, valid for a month.
// In: the place. Out: files in its folder pki/.

import { must } from "../../tests/live/lab.ts";
import { NODE, type Place, SECOND_NODE } from "./place.ts";

const DAYS = "30";
const SERVER_NAMES = [
  ...["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"].map((name) => `DNS:${name}`),
  ...["127.0.0.1", "10.96.0.1", NODE.ip].map((ip) => `IP:${ip}`),
].join(",");

/** File, user, group. */
const USERS = [
  ["admin", "admin", "system:masters"],
  ...[NODE, SECOND_NODE].map(({ name }) => [name, `system:node:${name}`, "system:nodes"] as const),
  ["controllers", "system:kube-controller-manager", "x"],
  ["scheduler", "system:kube-scheduler", "x"],
  ["proxy", "system:kube-proxy", "x"],
  // somebody whom nobody has given any right
  ["visitor", "visitor", "x"],
] as const;

export async function makeIdentities(place: Place): Promise<void> {
  const folder = `${place.state}/pki`;
  await Deno.mkdir(folder, { recursive: true });
  const openssl = (...args: string[]) => must("env", "-C", folder, "openssl", ...args);
  await openssl("genrsa", "-out", "sa.key", "2048");
  await openssl(
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt"],
    ...["-days", DAYS, "-subj", "/CN=ca"],
  );
  const sign = async (name: string, subject: string, ...more: string[]) => {
    await openssl(
      ...["req", "-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`],
      ...["-subj", subject],
    );
    await openssl(
      ...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"],
      ...["-days", DAYS, "-out", `${name}.crt`, ...more],
    );
  };
  await Deno.writeTextFile(`${folder}/api.ext`, `subjectAltName=${SERVER_NAMES}\n`);
  await sign("api", "/CN=kube-apiserver", "-extfile", "api.ext");
  for (const [name, user, group] of USERS) {
    await sign(name, `/O=${group}/CN=${user}`);
    await Deno.writeTextFile(`${folder}/${name}.conf`, kubeconfig(folder, name));
  }
}

/** JSON is YAML. */
function kubeconfig(folder: string, name: string): string {
  const data = (file: string) => btoa(Deno.readTextFileSync(`${folder}/${file}`));
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{
      name: "c",
      cluster: { server: `https://${NODE.ip}:6443`, "certificate-authority-data": data("ca.crt") },
    }],
    users: [{
      name: "u",
      user: { "client-certificate-data": data(`${name}.crt`), "client-key-data": data(`${name}.key`) },
    }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    "current-context": "c",
  });
}
