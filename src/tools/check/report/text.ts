// Not by its name: Node.js 18, which is refused with a sentence, has no styleText to link.
import util from 'node:util';
import type { CheckFinding, Severity } from '../finding.ts';
import type { Report } from './options.ts';
import { severities } from './order.ts';
import { fieldsOf, placeOf, restOf, subjectOf, summaryOf } from './words.ts';

type Style = Parameters<typeof util.styleText>[0];
type Paint = (style: Style, text: string) => string;

const styles: Readonly<Record<Severity, Style>> = { error: ['bold', 'red'], warning: ['bold', 'yellow'], note: ['bold', 'cyan'] };

/** Whether colours are wanted is the caller's decision, so `styleText` does not look at the stream. */
const coloured: Paint = (style, text) => util.styleText(style, text, { validateStream: false });
const plain: Paint = (_style, text) => text;

/** A paragraph a finding, which begins as compilers' messages do, so that editors find the place; then the summary. */
export function writeText(report: Report): string {
  const paint = report.colour ? coloured : plain;
  const paragraphs = report.findings.slice(0, report.most).map((finding) => paragraph(finding, paint));
  const rest = restOf(report);
  const worst = severities.find((severity) => report.findings.some((finding) => finding.severity === severity));
  const summary = paint(worst === undefined ? ['bold', 'green'] : styles[worst], summaryOf(report));
  return [...paragraphs, ...(rest === undefined ? [] : [`${rest}\n`]), `${summary}\n`].join('\n');
}

function paragraph(finding: CheckFinding, paint: Paint): string {
  const subject = subjectOf(finding);
  const head = `${paint('bold', placeOf(finding))}: ${paint(styles[finding.severity], finding.severity)}: ${finding.id}`;
  const fields = fieldsOf(finding).map(([name, text]) => `  ${paint('dim', name.padEnd(8))}  ${text}\n`);
  return `${head}${subject === undefined ? '' : ` ${paint('bold', subject)}`}\n${fields.join('')}`;
}
