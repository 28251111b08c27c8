/** For a terminal: breaking changes first, each with its reason and the id that allows it. */
// Not by its name: Node.js 18, which is refused with a sentence, has no styleText to link.
import util from 'node:util';
import { visible } from '../../../../core/errors/visible.ts';
import { usageText } from '../../usage/index.ts';
import type { Change, Impact } from '../change.ts';
import { changesOf, countsText, type DiffReport, impactOrder, transition } from './diff-report.ts';

type Style = Parameters<typeof util.styleText>[0];

const styles: Readonly<Record<Impact, Style>> = { breaking: ['bold', 'red'], risky: ['bold', 'yellow'], safe: ['bold', 'green'] };

export function diffText(report: DiffReport, colour: boolean): string {
  // Whether colours are wanted is the caller's decision, so `styleText` does not look at the stream.
  const paint = (style: Style, text: string) => (colour ? util.styleText(style, text, { validateStream: false }) : text);
  const paragraphs = impactOrder.flatMap((impact) => changesOf(report, impact).map((change) => paragraph(change, report, paint)));
  const notes = report.notCompared.map((sentence) => `${paint('dim', 'Not compared:')} ${visible(sentence)}\n`).join('');
  const isSame = report.diff.changes.length === 0;
  const summary = isSame ? 'No change.' : countsText(report);
  const worst = impactOrder.find((impact) => changesOf(report, impact).length > 0) ?? 'safe';
  const files = report.usage === undefined ? [] : [usageText(report.usage.report)];
  return [...paragraphs, ...(notes === '' ? [] : [notes]), `${paint(styles[worst], summary)}\n`, ...files].join('\n');
}

function paragraph(change: Change, { decision }: DiffReport, paint: (style: Style, text: string) => string): string {
  const allowed = decision.allowed.get(change.id);
  const head = `${paint(styles[change.impact], change.impact)}  ${paint('bold', visible(change.id))}`;
  const lines = [transition(change), change.reason, `at ${change.at}`];
  if (allowed !== undefined)
    lines.push(`allowed${allowed.until === undefined ? '' : ` until ${allowed.until}`}${because(allowed.reason)}`);
  const shown = lines.filter((line) => line !== '').map((line) => `  ${visible(line)}\n`);
  return `${head}\n${shown.join('')}`;
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}
