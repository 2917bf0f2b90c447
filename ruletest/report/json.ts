// Results as one JSON value, for whatever reads them.

import { whereIs } from "../../rules/mod.ts";
import type { Coverage } from "../coverage/coverage.ts";
import { percentOf } from "../coverage/coverage.ts";
import type { TestRun } from "../run/run_tests.ts";
import { countsOf } from "./counts.ts";
import { prettyJson } from "./pretty_json.ts";

export function forJson({ results, ms }: TestRun, coverage?: Coverage): string {
  const value = {
    ...countsOf(results),
    ms: Math.round(ms),
    ...(coverage === undefined
      ? {}
      : { coverage: { seen: coverage.seen, possible: coverage.possible, percent: percentOf(coverage) } }),
    cases: results.map(({ test, file, status, reason, failures, alerts, ms }) => ({
      name: test.name,
      file: file.path,
      at: whereIs(test.span),
      status,
      ...(reason === undefined ? {} : { reason }),
      ms: Number(ms.toFixed(3)),
      failures: failures.map(({ message, span, expected, actual }) => ({
        message,
        at: whereIs(span),
        expected,
        actual,
      })),
      alerts: alerts.map(({ rule, priority, output, fields, step }) => ({
        rule,
        priority,
        output,
        fields: Object.fromEntries([...fields].map(([key, value]) => [key, value ?? null])),
        ...(step === undefined ? {} : { event: step.text }),
      })),
    })),
  };
  return prettyJson(value);
}
