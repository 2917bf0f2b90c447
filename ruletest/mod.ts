// The door of ruletest/: what other packages may use of it. What it is for: README.md.

export { explainAlert, readAlertText } from "./explain/explain_alert.ts";
export { runCommand } from "./explain/run_command.ts";
export { explainRule } from "./explain/explain_rule.ts";
export { alertExplanationText, explanationText } from "./explain/explanation_text.ts";
export { type Coverage, coverageOf, percentOf } from "./coverage/coverage.ts";
export { coverageHtml } from "./coverage/html.ts";
export { coverageLcov } from "./coverage/lcov.ts";
export { coverageText } from "./coverage/text.ts";
export { forGithub } from "./report/github.ts";
export { forJson } from "./report/json.ts";
export { forJunit } from "./report/junit.ts";
export { mistakesFor } from "./report/mistakes.ts";
export { forPeople } from "./report/people.ts";
export { forTap } from "./report/tap.ts";
export { runRecorded } from "./record/run_recorded.ts";
export { type CaseResult, type RunOptions, runTests, type TestRun } from "./run/run_tests.ts";
export { updateFiles } from "./run/update.ts";
export { watchFiles } from "./run/watch.ts";
export { testSchema } from "./schema/test_schema.ts";
export { findTestFiles } from "./suite/find_files.ts";
export { caseInWords } from "./record/record_case.ts";
export { recordedCase } from "./record/recorded_case.ts";
export { profilePage } from "./profile/profile_page.ts";
export { profileRules } from "./profile/profile_rules.ts";
export { profileText } from "./profile/profile_text.ts";
