import type { CheckFinding, Severity } from '../finding.ts';

export const severities: readonly Severity[] = Object.freeze(['error', 'warning', 'note']);

/**
 * The worst first; within a severity by source, in the order in which these were found, and by place; where places are equal, as
 * found.
 */
export function inOrder(findings: readonly CheckFinding[]): readonly CheckFinding[] {
  const sources = new Map<string, number>();
  for (const { source } of findings) if (!sources.has(source)) sources.set(source, sources.size);
  const rank = ({ source }: CheckFinding) => sources.get(source) ?? 0;
  return findings.toSorted(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      rank(a) - rank(b) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

export type Counts = Readonly<Record<Severity, number>>;

export function countsOf(findings: readonly CheckFinding[]): Counts {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** E.g. `2 errors, 1 note`; `no findings` if there are none. */
export function countsText(counts: Counts): string {
  const parts = severities.filter((severity) => counts[severity] > 0).map((severity) => numberOf(counts[severity], severity));
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

/** E.g. `1 family`, `2 families`. */
export function numberOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
