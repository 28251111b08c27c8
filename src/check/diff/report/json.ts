/** For programs, in the shape of `diff-report.schema.json`. */
import { jsonText } from '../../report/json-text.ts';
import { countsOf, type DiffReport } from './diff-report.ts';

export function diffJson(report: DiffReport): string {
  const { old, next, diff, decision, notCompared, version } = report;
  const changes = diff.changes.map((change) => {
    const allowed = decision.allowed.get(change.id);
    if (allowed === undefined) return change;
    const { reason, until } = allowed;
    return { ...change, allowed: { ...(reason !== undefined && { reason }), ...(until !== undefined && { until }) } };
  });
  return jsonText({ version, old, new: next, counts: { ...countsOf(report), allowed: decision.allowed.size }, changes, notCompared });
}
