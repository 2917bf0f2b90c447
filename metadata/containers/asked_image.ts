// Which name of an image counts, when a node knows it under several: what the pod asked for.
// In: the name as the pod's specification has it, the name that the runtime gives. Out: the name in full.
//
// A runtime that has one image under several names tells any of them, and the digest of another one. Names without a registry
// are completed as the runtime did where it says so, and otherwise as containerd and Docker do.

import { isImageId, parseImageReference } from "./image_reference.ts";

/** @returns "" when it says nothing: the runtime's name counts */
export function askedImage(asked: string, told: string): string {
  if (asked === "" || isImageId(asked)) return "";
  const { repository, tag, digest } = parseImageReference(asked);
  const full = fullRepository(repository, parseImageReference(told).repository);
  if (tag !== "") return `${full}:${tag}`;
  return digest === "" ? `${full}:latest` : full;
}

function fullRepository(repository: string, told: string): string {
  const [first = "", ...rest] = repository.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  if (hasRegistry) return repository;
  // what a short name stands for is the runtime's decision
  if (told.endsWith(`/${repository}`)) return told;
  return rest.length > 0 ? `docker.io/${repository}` : `docker.io/library/${repository}`;
}
