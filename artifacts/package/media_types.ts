// What kinds of artifacts there are, by the media types of falcosecurity.
// In: nothing. Out: kinds, and the media types of their layers.

export const ARTIFACT_TYPES = ["rulesfile", "plugin"] as const;
export type ArtifactType = typeof ARTIFACT_TYPES[number];

export const LAYER_TYPES: Readonly<Record<string, ArtifactType>> = {
  "application/vnd.cncf.falco.rulesfile.layer.v1+tar.gz": "rulesfile",
  "application/vnd.cncf.falco.plugin.layer.v1+tar.gz": "plugin",
};

/** Of images and of what is signed: manifests that list others. */
export const LIST_TYPES: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
