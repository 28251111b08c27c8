/** For a pull request: counts, a table of what breaks, and everything else folded. */
import { visible } from '../../../errors/visible.ts';
import { usageMarkdown } from '../../usage/index.ts';
import type { Change, Impact } from '../change.ts';
import { changesOf, countsText, type DiffReport, shownDiff, transition } from './diff-report.ts';

const titles: Readonly<Record<Impact, string>> = { breaking: 'Breaking', risky: 'Risky', safe: 'Safe' };

export function diffMarkdown(report: DiffReport): string {
  const head = `## Metrics: ${escaped(report.old)} → ${escaped(report.next)}\n\n`;
  const isSame = report.diff.changes.length === 0;
  const parts = [`${head}**${isSame ? 'No change' : countsText(report)}**\n`];
  const breaking = changesOf(report, 'breaking');
  if (breaking.length > 0) parts.push(`### ${titles.breaking}\n\n${table(breaking, report)}`);
  for (const impact of ['risky', 'safe'] as const) {
    const changes = changesOf(report, impact);
    if (changes.length > 0) parts.push(folded(`${titles[impact]} (${changes.length})`, table(changes, report)));
  }
  if (breaking.length > 0) parts.push(folded('Ids, to allow a change', `${breaking.map(({ id }) => `- ${code(id, false)}\n`).join('')}`));
  if (report.notCompared.length > 0) parts.push(folded('Not compared', report.notCompared.map((text) => `- ${escaped(text)}\n`).join('')));
  if (report.usage !== undefined) parts.push(usageMarkdown(report.usage.report));
  const { diff = '' } = report.usage ?? {};
  if (diff !== '') parts.push(folded('What --fix would write', fenced(diff)));
  return parts.join('\n');
}

function fenced(diff: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(diff) + 1));
  return `${fence}diff\n${shownDiff(diff)}${fence}\n`;
}

const longestRun = (text: string) => (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);

function table(changes: readonly Change[], report: DiffReport): string {
  const rows = changes.map(
    (change) => `| ${[code(subjectOf(change)), change.field, code(transition(change)), reasonOf(change, report)].join(' | ')} |\n`,
  );
  return `| Series | Field | Change | What it does |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

function subjectOf({ series, label }: Change): string {
  if (series === '') return 'contract';
  return label === undefined ? series : `${series}{${label}}`;
}

function reasonOf({ id, reason }: Change, { decision }: DiffReport): string {
  const allowed = decision.allowed.get(id);
  if (allowed === undefined) return reason;
  const why = [allowed.until === undefined ? '' : ` until ${allowed.until}`, allowed.reason === undefined ? '' : `: ${allowed.reason}`];
  return `${reason} **Allowed${escaped(why.join(''))}**`;
}

function folded(summary: string, body: string): string {
  return `<details>\n<summary>${escaped(summary)}</summary>\n\n${body}\n</details>\n`;
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
