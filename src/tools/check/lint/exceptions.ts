/** Findings that a file accepts for a time. */
import { shown } from '../../../core/errors/shown.ts';
import { type Accepted, type AcceptedFile, isExpired } from '../accepted/read-accepted.ts';
import type { CheckFinding } from '../finding.ts';
import { found } from './catalogue.ts';

/**
 * The findings that are not accepted, and those of the exceptions: expired ones, which accept nothing any more, and ones that
 * accept nothing.
 * @param today such as `2026-11-23`, in UTC
 */
export function withoutAccepted(
  findings: readonly CheckFinding[],
  { source, list }: AcceptedFile,
  today: string,
): readonly CheckFinding[] {
  const used = new Set<Accepted>();
  const rest = findings.filter((finding) => {
    const matching = list.filter((exception) => !isExpired(exception, today) && matches(exception, finding));
    for (const exception of matching) used.add(exception);
    return matching.length === 0;
  });
  const own = list.flatMap((exception) => {
    const { line, column, until, reason } = exception;
    const at = { source, line, column, ...(exception.family !== undefined && { family: exception.family }) };
    if (isExpired(exception, today))
      return [found('exception-expired', { ...at, got: `${shown(exception.id)} until ${until} (${shown(reason)})` })];
    return used.has(exception) ? [] : [found('exception-unused', { ...at, got: `${shown(exception.id)}, which does not occur` })];
  });
  return [...rest, ...own];
}

function matches({ id, family, label }: Accepted, finding: CheckFinding): boolean {
  return (
    id === finding.id && (family === undefined || family === finding.family) && (label === undefined || label === finding.label)
  );
}
