/** The report in a pull request's comment. */
import type { MarkdownPart } from '../../report/limited.ts';
import type { UsageReport } from '../judge/finding.ts';
import { oneLine } from './text.ts';

export function usageMarkdown({ counts, findings, unread }: UsageReport): readonly MarkdownPart[] {
  const head = `## Expressions\n\n${counts.expressions} expressions in ${counts.files} files, ${counts.withSeries} with the contract's series: ${counts.broken} break, ${counts.risky} are risky; ${counts.rewritable} can be rewritten, ${counts.notRewritable} cannot.\n`;
  const parts: MarkdownPart[] = [{ before: head, rows: [], after: '', what: '' }];
  if (findings.length > 0) {
    const before = '| impact | where | expression | why | rewritten |\n|---|---|---|---|---|\n';
    parts.push({ before, rows: findings.map(row), after: '', what: 'expressions' });
  }
  if (unread.length > 0) {
    const rows = unread.map(
      ({ file, line, reason }) => `- ${cell(line === undefined ? file : `${file}:${line}`)}: ${cell(reason)}\n`,
    );
    parts.push({ before: `Not read: ${unread.length}\n\n`, rows, after: '', what: 'files that cannot be read' });
  }
  return parts;
}

function row({
  impact,
  file,
  line,
  place,
  expression,
  problems,
  through,
  rewritten,
  notes,
  reasons,
}: UsageReport['findings'][number]) {
  const reads = through.length === 0 ? [] : [`reads ${through.join(', which reads ')}, which breaks`];
  const why = [...new Set([...problems.map(({ message }) => message), ...reads])].map(cell).join('<br>');
  const after = rewritten === undefined ? reasons.map(cell).join('<br>') : [code(rewritten), ...notes.map(cell)].join('<br>');
  return `| ${impact} | ${cell(`${file}:${line}`)}<br>${cell(place)} | ${code(expression)} | ${why} | ${after} |\n`;
}

function cell(text: string): string {
  return oneLine(text).replace(/[\\|<>`*_[\]~&#]/g, '\\$&');
}

/** In a table `|` ends a cell even within a code span. */
function code(text: string): string {
  const line = oneLine(text);
  const ticks = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${ticks} ${line.replaceAll('|', '\\|')} ${ticks}`;
}
