// Builds the container image, without a container engine.
// In: [--executable dist/falco] [--output dist/falco-image.tar] [--tag localhost/falco:VERSION] [--uncompressed]
// [--tools]: with a shell, curl and jq, by default dist/falco-image-tools.tar and falco:VERSION-tools. Out: an archive for `podman load -i`, `docker load -i`, `ctr images import`.
// Elsewhere: the executable (scripts/compile.ts --dist), the image's files and form (scripts/image/).

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { VERSION } from "../base/versions.ts";
import { imageFiles, machineOf } from "./image/image_files.ts";
import { makeImage } from "./image/oci.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** repository, with an optional registry and its port, and a tag */
const REFERENCE = /^[a-z0-9]+([.:/_-]+[a-zA-Z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

function main(args: readonly string[]): number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        executable: { type: "string", default: `${ROOT}dist/falco` },
        output: { type: "string" },
        tag: { type: "string" },
        uncompressed: { type: "boolean", default: false },
        tools: { type: "boolean", default: false },
      },
    });
    const variant = values.tools ? "-tools" : "";
    const { output = `${ROOT}dist/falco-image${variant}.tar`, tag = `localhost/falco:${VERSION}${variant}` } =
      values;
    if (!REFERENCE.test(tag)) throw new Error(`--tag ${tag}: expected repository:tag`);
    const image = makeImage(imageFiles(ROOT, values.executable, { withTools: values.tools }), {
      reference: tag,
      architecture: machineOf().architecture,
      isCompressed: !values.uncompressed,
    });
    Deno.writeFileSync(output, image);
    console.error(`built ${output} (${(image.length / 1e6).toFixed(1)} MB, ${tag})`);
    return 0;
  } catch (error) {
    console.error(`image: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

if (import.meta.main) Deno.exit(main(Deno.args));
