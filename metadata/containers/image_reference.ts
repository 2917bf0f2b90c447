// The parts of an image's name: `registry:5000/team/app:1.0@sha256:…`.

export interface ImageReference {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

export function parseImageReference(image: string): ImageReference {
  const at = image.indexOf("@");
  const name = at < 0 ? image : image.slice(0, at);
  const digest = at < 0 ? "" : image.slice(at + 1);
  // a colon before the last slash belongs to the registry's port
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  if (colon < 0) return { repository: name, tag: "", digest };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}

/** The same as facts of a container. A number has no parts: an engine's list has it where the name is another image's now. */
export function imageFacts(image: string) {
  if (isImageId(image)) return { image, imagerepo: "", imagetag: "", imagedigest: "" };
  const { repository, tag, digest } = parseImageReference(image);
  return { image, imagerepo: repository, imagetag: tag, imagedigest: digest };
}

/** Whether this is the number of an image and not its name. */
export function isImageId(image: string): boolean {
  return /^(sha256:)?[0-9a-f]{12,64}$/.test(image);
}

/** `sha256:` in front of the number of an image. */
export function bareImageId(id: string): string {
  return id.replace(/^sha256:/, "");
}
