// The door of ruletest/: what other packages may use of it. What it is for: README.md.

export { explainAlert, readAlertText } from "./explain/explain_alert.ts";
export { explainRule } from "./explain/explain_rule.ts";
export { alertExplanationText, explanationText } from "./explain/explanation_text.ts";
