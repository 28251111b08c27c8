/** The report on a terminal. */
import { visible } from '../../../../core/errors/visible.ts';
import type { UsageFinding, UsageReport } from '../judge/finding.ts';

export function usageText({ counts, findings, unread }: UsageReport): string {
  const lines: string[] = [];
  for (const finding of findings) lines.push(...findingLines(finding), '');
  for (const { file, line, column, reason } of unread) lines.push(`${at(file, line, column)}: not read: ${reason}`);
  if (unread.length > 0) lines.push('');
  lines.push(
    `${counts.files} files (${counts.dashboards} dashboards, ${counts.skipped} files of other shapes), ${counts.expressions} expressions, ${counts.withSeries} with the contract's series:`,
    `${counts.broken} break, ${counts.risky} are risky; ${counts.rewritable} can be rewritten, ${counts.notRewritable} cannot; ${counts.unread} not read`,
  );
  return `${lines.map(visible).join('\n')}\n`;
}

function at(file: string, line: number | undefined, column: number | undefined): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}

function findingLines({
  file,
  line,
  column,
  place,
  impact,
  problems,
  through,
  rewritten,
  notes,
  reasons,
}: UsageFinding): readonly string[] {
  return [
    `${impact.padEnd(8)} ${at(file, line, column)} ${place}`,
    ...problems.map((problem) => `  ${problem.line}:${problem.column} ${oneLine(problem.part)}: ${problem.message}`),
    ...(through.length === 0 ? [] : [`  reads ${through.join(', which reads ')}, which breaks`]),
    ...(rewritten === undefined ? [] : [`  rewritten: ${oneLine(rewritten)}`]),
    ...notes.map((note) => `  note: ${note}`),
    ...reasons.map((reason) => `  not rewritten: ${reason}`),
  ];
}

/** On one line, without marks that a terminal would obey; longer texts are cut. */
export function oneLine(text: string): string {
  const line = visible(text.replace(/\s+/g, ' ').trim());
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
