/** For a pull request: counts, what breaks, the expressions that use it, and everything else folded. */
import { visible } from '../../../../core/errors/visible.ts';
import { limitedMarkdown, type MarkdownPart } from '../../report/limited.ts';
import { usageMarkdown } from '../../usage/index.ts';
import type { Change, Impact } from '../change.ts';
import { changesOf, countsText, type DiffReport, shownDiff, transition } from './diff-report.ts';

const titles: Readonly<Record<Impact, string>> = { breaking: 'Breaking', risky: 'Risky', safe: 'Safe' };

export function diffMarkdown(report: DiffReport): string {
  const head = `## Metrics: ${escaped(report.old)} → ${escaped(report.next)}\n\n`;
  const isSame = report.diff.changes.length === 0;
  const breaking = changesOf(report, 'breaking');
  const parts: MarkdownPart[] = [
    { before: `${head}**${isSame ? 'No change' : countsText(report)}**\n`, rows: [], after: '', what: '' },
  ];
  if (breaking.length > 0) parts.push({ ...table(breaking, report), before: `### ${titles.breaking}\n\n${columns}` });
  if (report.usage !== undefined) parts.push(...usageMarkdown(report.usage.report));
  for (const impact of ['risky', 'safe'] as const) {
    const changes = changesOf(report, impact);
    if (changes.length > 0) parts.push(folded(`${titles[impact]} (${changes.length})`, table(changes, report)));
  }
  if (breaking.length > 0) {
    const rows = breaking.map(({ id }) => `- ${code(id, false)}\n`);
    parts.push(folded('Ids, to allow a change', { before: '', rows, after: '', what: 'ids' }));
  }
  if (report.notCompared.length > 0) {
    const rows = report.notCompared.map((text) => `- ${escaped(text)}\n`);
    parts.push(folded('Not compared', { before: '', rows, after: '', what: 'parts that were not compared' }));
  }
  const { diff = '' } = report.usage ?? {};
  if (diff !== '')
    parts.push(folded('What --fix would write', { before: '', rows: [fenced(diff)], after: '', what: 'unified diffs' }));
  return limitedMarkdown(parts);
}

function fenced(diff: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(diff) + 1));
  return `${fence}diff\n${shownDiff(diff)}${fence}\n`;
}

const longestRun = (text: string) => (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);

const columns = '| Series | Field | Change | What it does |\n| --- | --- | --- | --- |\n';

function table(changes: readonly Change[], report: DiffReport): MarkdownPart {
  const rows = changes.map(
    (change) =>
      `| ${[code(subjectOf(change)), change.field, code(transition(change)), reasonOf(change, report)].join(' | ')} |\n`,
  );
  const [first] = changes;
  return { before: columns, rows, after: '', what: `${first?.impact ?? ''} changes` };
}

function subjectOf({ series, label }: Change): string {
  if (series === '') return 'contract';
  return label === undefined ? series : `${series}{${label}}`;
}

function reasonOf({ id, reason }: Change, { decision }: DiffReport): string {
  const allowed = decision.allowed.get(id);
  if (allowed === undefined) return reason;
  const why = [
    allowed.until === undefined ? '' : ` until ${allowed.until}`,
    allowed.reason === undefined ? '' : `: ${allowed.reason}`,
  ];
  return `${reason} **Allowed${escaped(why.join(''))}**`;
}

function folded(summary: string, { before, after, ...part }: MarkdownPart): MarkdownPart {
  return { ...part, before: `<details>\n<summary>${escaped(summary)}</summary>\n\n${before}`, after: `${after}\n</details>\n` };
}

/** Foreign text: it opens no element, link or emphasis, and ends no cell. */
function escaped(text: string): string {
  return visible(text).replace(/[\\`*_[\]<>|~&#]/g, '\\$&');
}

/** A code span. In a table, a bar would end the cell. */
function code(text: string, inTable = true): string {
  if (text === '') return '';
  const safe = inTable ? visible(text).replaceAll('|', '\\|') : visible(text);
  const longest = longestRun(safe);
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || safe.startsWith(' ') ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}
