/** A finding's parts in the words that every format uses. */
import { visible } from '../../../core/errors/visible.ts';
import type { CheckFinding } from '../finding.ts';
import type { Report } from './options.ts';
import { countsOf, countsText, numberOf } from './order.ts';

/** Of one field, in UTF-16 units: a label's value may have any length. */
const longest = 1_000;

/** Foreign text as one line, without control characters, and of bounded length. */
export function oneLine(text: string): string {
  return visible(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

/** E.g. `page.txt:12:3`. */
export function placeOf({ source, line, column }: CheckFinding): string {
  const lines = line === undefined ? '' : `:${line}`;
  return `${oneLine(source)}${lines}${line === undefined || column === undefined ? '' : `:${column}`}`;
}

/** E.g. `runwisp_runs_total{status}`; undefined if it concerns no family. */
export function subjectOf({ family, label }: CheckFinding): string | undefined {
  if (family === undefined) return label === undefined ? undefined : `{${oneLine(label)}}`;
  return `${oneLine(family)}${label === undefined ? '' : `{${oneLine(label)}}`}`;
}

/** What is said of a finding, as pairs of a field's name and its text. */
export function fieldsOf(finding: CheckFinding): readonly (readonly [name: string, text: string])[] {
  const { contract, got, rule, fix, link } = finding;
  const place: [string, string][] = contract === undefined ? [] : [['contract', contract]];
  return [...place, ['got', got], ['rule', rule], ['fix', fix], ['see', link] as const].map(
    ([name, text]) => [name, oneLine(text)] as const,
  );
}

/** One line: what was found, in how much. */
export function summaryOf({ findings, observed }: Report): string {
  const found = countsText(countsOf(findings));
  if (observed.length === 0) return found;
  const families = observed.reduce((sum, each) => sum + each.families.size, 0);
  const samples = observed.reduce((sum, each) => sum + each.samples, 0);
  const of = observed.map(({ source, format }) => `${oneLine(source)} (${format})`);
  const sources = of.length > 4 ? numberOf(of.length, 'source') : of.join(', ');
  return `${found} in ${numberOf(families, 'family', 'families')}, ${numberOf(samples, 'sample')} of ${sources}`;
}

/** E.g. `12 more are not shown: 2 errors, 10 notes`; undefined if all are. */
export function restOf({ findings, most }: Report): string | undefined {
  const rest = findings.slice(most);
  if (rest.length === 0) return undefined;
  return `${rest.length} more ${rest.length === 1 ? 'is' : 'are'} not shown: ${countsText(countsOf(rest))}`;
}
