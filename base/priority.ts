// How severe an alert is, in Falco's words.
// In: nothing. Out: the words, and their type.
// Elsewhere: how formats write them (alerts/formats/).

/** Most severe first, as syslog numbers them: the index is the number. */
export const PRIORITIES = [
  "Emergency",
  "Alert",
  "Critical",
  "Error",
  "Warning",
  "Notice",
  "Informational",
  "Debug",
] as const;
export type Priority = typeof PRIORITIES[number];
