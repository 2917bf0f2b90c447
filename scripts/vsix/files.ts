// The files of the extension, by their names in the archive.
// In: the source tree. Out: names and bytes, in order. Elsewhere: the archive (scripts/vsix.ts).

import { join } from "node:path";
import { VERSION } from "../../base/mod.ts";
import { configSchema } from "../../config/mod.ts";
import { rulesSchema } from "../../rules/mod.ts";
import { conditionGrammar } from "./grammar.ts";

const FOLDER = "editors/vscode";
const encode = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => encode(`${JSON.stringify(value, null, 2)}\n`);

interface Package {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly publisher: string;
  readonly engines: { readonly vscode: string };
  readonly categories: readonly string[];
}

export async function extensionFiles(root: string): Promise<Map<string, Uint8Array>> {
  const read = (name: string) => Deno.readFileSync(join(root, FOLDER, name));
  const about = {
    ...JSON.parse(new TextDecoder().decode(read("package.json"))),
    version: VERSION,
  } as Package;
  return new Map([
    ["[Content_Types].xml", encode(contentTypes())],
    ["extension.vsixmanifest", encode(manifest(about))],
    ["extension/package.json", json(about)],
    ["extension/README.md", read("README.md")],
    ["extension/LICENSE.txt", Deno.readFileSync(join(root, "LICENSE"))],
    ["extension/extension.js", await bundled(root)],
    ["extension/falco.tmLanguage.json", json(conditionGrammar())],
    ["extension/rules.schema.json", json(rulesSchema())],
    ["extension/falco.schema.json", json(configSchema())],
  ]);
}

/** With the language client in it; `vscode` is the editor's. */
async function bundled(root: string): Promise<Uint8Array> {
  const folder = Deno.makeTempDirSync();
  try {
    const output = join(folder, "extension.js");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--platform", "deno", "--format", "cjs", "--minify", "--external", "vscode"],
        ...["--output", output, join(FOLDER, "extension.js")],
      ],
      cwd: root,
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) throw new Error(`Cannot bundle the extension:\n${new TextDecoder().decode(stderr).trim()}`);
    return Deno.readFileSync(output);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function manifest(about: Package): string {
  const attribute = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const properties = [
    ["Microsoft.VisualStudio.Code.Engine", about.engines.vscode],
    ["Microsoft.VisualStudio.Code.ExtensionDependencies", ""],
    ["Microsoft.VisualStudio.Code.ExtensionKind", "workspace"],
  ].map(([id, value]) => `      <Property Id="${id}" Value="${attribute(value!)}"/>`);
  const assets = [
    ["Microsoft.VisualStudio.Code.Manifest", "extension/package.json"],
    ["Microsoft.VisualStudio.Services.Content.Details", "extension/README.md"],
    ["Microsoft.VisualStudio.Services.Content.License", "extension/LICENSE.txt"],
  ].map(([type, path]) => `    <Asset Type="${type}" Path="${path}" Addressable="true"/>`);
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${about.name}" Version="${VERSION}" Publisher="${about.publisher}"/>
    <DisplayName>${attribute(about.displayName)}</DisplayName>
    <Description xml:space="preserve">${attribute(about.description)}</Description>
    <Tags>falco,security,yaml</Tags>
    <Categories>${about.categories.join(",")}</Categories>
    <Properties>
${properties.join("\n")}
    </Properties>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
${assets.join("\n")}
  </Assets>
</PackageManifest>
`;
}

function contentTypes(): string {
  const types = [["json", "application/json"], ["js", "application/javascript"], ["md", "text/markdown"], [
    "txt",
    "text/plain",
  ], ["vsixmanifest", "text/xml"]];
  const lines = types.map(([extension, type]) =>
    `  <Default Extension=".${extension}" ContentType="${type}"/>`
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
${lines.join("\n")}
</Types>
`;
}
