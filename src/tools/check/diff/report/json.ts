/** For programs, in the shape of `diff-report.schema.json`. */
import { jsonText } from '../../report/json-text.ts';
import { countsOf, type DiffReport, type UsageOfContract } from './diff-report.ts';

export function diffJson(report: DiffReport): string {
  const { old, next, diff, decision, notCompared, usage, version } = report;
  const changes = diff.changes.map((change) => {
    const allowed = decision.allowed.get(change.id);
    if (allowed === undefined) return change;
    const { reason, until } = allowed;
    return { ...change, allowed: { ...(reason !== undefined && { reason }), ...(until !== undefined && { until }) } };
  });
  const counts = { ...countsOf(report), allowed: decision.allowed.size };
  const ofFiles = usage === undefined ? {} : { usage: usageJson(usage) };
  return jsonText({ version, old, new: next, counts, changes, notCompared, ...ofFiles });
}

function usageJson({ report: { counts, findings, unread }, diff, notes }: UsageOfContract): unknown {
  return { counts, findings, unread, notes, ...(diff !== undefined && { diff }) };
}
