// The door of metadata/kubernetes/: what other packages may use of it. What it is for: README.md.

export { ClusterView } from "./cluster_view.ts";
