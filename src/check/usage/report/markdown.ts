/** The report in a pull request's comment. */
import type { UsageReport } from '../judge/finding.ts';
import { oneLine } from './text.ts';

export function usageMarkdown({ counts, findings, unread }: UsageReport): string {
  const lines = [
    '## Expressions',
    '',
    `${counts.expressions} expressions in ${counts.files} files, ${counts.withSeries} with the contract's series: ${counts.broken} break, ${counts.risky} are risky; ${counts.rewritable} can be rewritten, ${counts.notRewritable} cannot.`,
  ];
  if (findings.length > 0) {
    lines.push('', '| impact | where | expression | why | rewritten |', '|---|---|---|---|---|');
    for (const { impact, file, line, place, expression, problems, through, rewritten, notes, reasons } of findings) {
      const reads = through.length === 0 ? [] : [`reads ${through.join(', which reads ')}, which breaks`];
      const why = [...new Set([...problems.map(({ message }) => message), ...reads])].map(cell).join('<br>');
      const after = rewritten === undefined ? reasons.map(cell).join('<br>') : [code(rewritten), ...notes.map(cell)].join('<br>');
      lines.push(`| ${impact} | ${cell(`${file}:${line}`)}<br>${cell(place)} | ${code(expression)} | ${why} | ${after} |`);
    }
  }
  if (unread.length > 0) {
    lines.push('', `Not read: ${unread.length}`, '');
    for (const { file, line, reason } of unread) lines.push(`- ${cell(line === undefined ? file : `${file}:${line}`)}: ${cell(reason)}`);
  }
  return `${lines.join('\n')}\n`;
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
