// Renders a chart as `helm template` does, with what a release and a cluster tell it.
// In: the chart's folder, values that a user sets. Out: the objects, in the order of their files and names.
// This is no Helm: it knows what the chart uses (template_parser.ts, template_functions.ts), and golden files hold what it
// gives.

import { parse, parseAllDocuments } from "yaml";
import { TemplateSet } from "./template_evaluator.ts";
import { type Fields, isFields } from "./template_functions.ts";

export interface RenderOptions {
  readonly release?: string;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  /** whether values come on top of the chart's own, as always but for `helm upgrade --reuse-values`; default: true */
  readonly hasOwnValues?: boolean;
}

export type Manifest = Fields & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
};

export function renderChart(folder: string, values: Fields, options: RenderOptions = {}): Manifest[] {
  const texts = renderFiles(folder, values, options);
  return [...texts].filter(([name]) => !name.endsWith(".txt")).flatMap(([name, text]) =>
    parseAllDocuments(text, { uniqueKeys: true }).flatMap((document) => {
      if (document.errors.length > 0) throw new Error(`${name}: ${document.errors[0]}\n${text}`);
      const object = document.toJS();
      return object === null ? [] : [object as Manifest];
    })
  );
}

export function renderFiles(
  folder: string,
  values: Fields,
  options: RenderOptions = {},
): Map<string, string> {
  const {
    release = "falco",
    namespace = "falco",
    kubeVersion = "v1.33.0",
    apiVersions = [],
    hasOwnValues = true,
  } = options;
  const own = hasOwnValues ? parse(Deno.readTextFileSync(`${folder}/values.yaml`)) : {};
  const chart = parse(Deno.readTextFileSync(`${folder}/Chart.yaml`));
  const context = {
    Values: coalesce(own, structuredClone(values)),
    Files: { Get: (name: string) => Deno.readTextFileSync(`${folder}/${name}`) },
    Release: { Name: release, Namespace: namespace, Service: "Helm" },
    Chart: { Name: chart.name, Version: chart.version, AppVersion: chart.appVersion },
    Capabilities: {
      KubeVersion: { Version: kubeVersion },
      APIVersions: { Has: (name: string) => apiVersions.includes(name) },
    },
  };
  const { templates, names } = templatesOf(folder);
  const shown = names.filter((name) => !name.startsWith("_"));
  return new Map(shown.map((name) => [name, templates.render(name, context)]));
}

const parsedFolders = new Map<
  string,
  { readonly templates: TemplateSet; readonly names: readonly string[] }
>();

function templatesOf(folder: string) {
  const before = parsedFolders.get(folder);
  if (before !== undefined) return before;
  const templates = new TemplateSet();
  const names = [...Deno.readDirSync(`${folder}/templates`)].map(({ name }) => name).sort();
  for (const name of names) templates.add(name, Deno.readTextFileSync(`${folder}/templates/${name}`));
  parsedFolders.set(folder, { templates, names });
  return { templates, names };
}

/** The chart's own values below a user's, where null takes one of them away. */
function coalesce(own: Fields, users: Fields): Fields {
  for (const [name, value] of Object.entries(users)) {
    const before = own[name];
    if (value === null) delete own[name];
    else own[name] = isFields(before) && isFields(value) ? coalesce(before, value) : value;
  }
  return own;
}
