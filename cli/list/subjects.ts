// What `falco list` can list, by name.
// Elsewhere: the lists (list_fields.ts, list_events.ts …), the command (cli/commands/list.ts).

export const SUBJECTS = {
  fields: "fields for conditions and outputs",
  events: "event types and their parameters",
  rules: "loaded rules, where they are defined and what they use",
  macros: "macros, where they are defined and what uses them",
  lists: "lists, where they are defined and what uses them",
  filters: "what the kernel leaves out, and which rule keeps it from leaving out more",
  config: "settings with their defaults, as a commented falco.yaml",
} as const;

export type Subject = keyof typeof SUBJECTS;
