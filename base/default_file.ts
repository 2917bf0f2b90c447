// Which file has the settings when there is no -c.

/** Read if it exists. */
export const DEFAULT_FILE = "/etc/falco/falco.yaml";
