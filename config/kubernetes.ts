// Where the API server of Kubernetes is and how it is asked, as the package that asks it takes it.
// In: settings, the environment. Out: addresses and files, a problem in words, or undefined when nobody shall ask.
// Elsewhere: asking (metadata/kubernetes/), the keys (config/keys/plugins.ts, config/plugins/plugins.ts).

import type { Settings } from "./settings.ts";

export interface KubernetesConfig {
  readonly url: string;
  readonly nodeName: string;
  readonly tokenFile: string;
  readonly caFile: string;
}

const PLUGIN = "k8smeta";

/** @param env the environment; inside a pod it names the API server */
export function kubernetesConfig(
  settings: Settings,
  env: (name: string) => string | undefined,
  hostname: () => string,
): KubernetesConfig | { readonly problem: string } | undefined {
  const isPlugin = settings.load_plugins.includes(PLUGIN);
  if (!settings["metadata.kubernetes.enabled"] && !isPlugin) return undefined;
  const url = settings["metadata.kubernetes.url"] || urlInPod(env);
  if (url === undefined) {
    return {
      problem: "the API server is not known: this is no pod (no KUBERNETES_SERVICE_HOST), and " +
        "metadata.kubernetes.url is empty",
    };
  }
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    return { problem: `metadata.kubernetes.url: "${url}" is no address such as https://host:6443` };
  }
  const written = settings["metadata.kubernetes.node_name"] || (isPlugin ? nodeOfPlugin(settings, env) : "");
  return {
    url,
    nodeName: written || env("FALCO_K8S_NODE_NAME") || env("NODE_NAME") || hostname().toLowerCase(),
    tokenFile: settings["metadata.kubernetes.token_file"],
    caFile: settings["metadata.kubernetes.ca_file"],
  };
}

function urlInPod(env: (name: string) => string | undefined): string | undefined {
  const host = env("KUBERNETES_SERVICE_HOST");
  if (!host) return undefined;
  return `https://${host.includes(":") ? `[${host}]` : host}:${env("KUBERNETES_SERVICE_PORT") || "443"}`;
}

/** The plugin has always taken `${NAME}` itself, too. */
function nodeOfPlugin(settings: Settings, env: (name: string) => string | undefined): string {
  const config = settings.plugins.find(({ name }) => name === PLUGIN)?.init_config;
  const object = typeof config === "string" ? parsed(config) : config;
  const name = typeof object === "object" && object !== null && "nodeName" in object
    ? object["nodeName"]
    : "";
  if (typeof name !== "string") return "";
  return name.replace(/\$\{([^}]+)\}/, (_, variable: string) => env(variable) ?? "");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
