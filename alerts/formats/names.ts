// What the forms of an alert are called in settings.
// Elsewhere: the forms (index.ts).

/** Bodies of messages (alerts/formats/); `falco` is text or JSON as json_output says. */
export const FORMATS = ["falco", "text", "json", "ecs", "ocsf", "cef", "otlp"] as const;
