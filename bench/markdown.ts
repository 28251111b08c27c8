/** Writes what a run measured into its places in a document: figures are never typed by hand, prose is never touched. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { judge, worst } from './aims.ts';
import type { BenchCase, SuiteName } from './bench-case.ts';
import { environmentLines } from './environment.ts';
import { plot } from './plot.ts';
import { type Report, shown } from './report.ts';
import type { Row } from './rounds.ts';
import { casesOf } from './suites/index.ts';

const begin = (suite: string) => `<!-- bench ${suite} -->`;
const end = (suite: string) => `<!-- /bench ${suite} -->`;

/** @param picture where the plot is written. Default: beside the document */
export async function updateDocument(
  file: string,
  report: Report,
  suites: readonly SuiteName[],
  picture = join(dirname(file), `${basename(file, '.md')}.svg`),
): Promise<void> {
  let text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (const suite of suites) {
    const rows = report.rows.filter(({ bench }) => bench === suite);
    const section = await sectionOf(suite, rows, report);
    const lines =
      suite === 'series'
        ? [`![Cost of a scrape against the number of series](${relative(dirname(file), picture)})`, '', ...section]
        : section;
    if (suite === 'series') writeFileSync(picture, plot(rows));
    text = replaced(text, suite, lines.join('\n'));
  }
  writeFileSync(file, text);
}

/** Between its marks; a section that the document does not have yet comes at its end. */
export function replaced(text: string, suite: string, section: string): string {
  const from = text.indexOf(begin(suite));
  const to = text.indexOf(end(suite));
  const block = `${begin(suite)}\n\n${section}\n\n${end(suite)}`;
  if (from < 0 || to < from) return `${text}${text === '' ? '' : '\n'}${block}\n`;
  return text.slice(0, from) + block + text.slice(to + end(suite).length);
}

async function sectionOf(suite: SuiteName, rows: readonly Row[], report: Report): Promise<readonly string[]> {
  const cases = await casesOf(suite);
  const command = `npm run bench -- ${suite}${report.quick ? ' --quick' : ''}`;
  return [
    ...environmentLines(report.environment).map((line) => `${line}.  `),
    `\`${command}\``,
    '',
    ...table(rows, cases),
    ...verdicts(rows),
    ...cases.filter(({ name }) => rows.some((row) => row.case === name)).map(({ name, what }) => `- \`${name}\`: ${what}`),
    ...report.skipped.filter((line) => line.startsWith(`${suite} `)).map((line) => `- left out: ${line.slice(suite.length + 1)}`),
  ];
}

/** Contenders are columns, in the order of the cases; the second figure is the ratio to Meterbridge. */
function table(rows: readonly Row[], cases: readonly BenchCase[]): readonly string[] {
  const known = new Set(cases.flatMap(({ contenders }) => contenders));
  const columns = [...known].filter((name) => rows.some(({ results }) => name in results));
  return [
    `| case | unit | ${columns.join(' | ')} |`,
    `|---|---|${columns.map(() => '---:').join('|')}|`,
    ...rows.map((row) => `| \`${row.case}\` | ${row.unit} | ${columns.map((name) => cell(row, name)).join(' | ')} |`),
    '',
  ];
}

function cell({ results, ratios, spread }: Row, name: string): string {
  const figure = results[name];
  if (figure === undefined) return '';
  const [low, high] = spread[name] ?? [figure, figure];
  const ratio = ratios[name];
  const times = ratio === undefined || name === 'meterbridge' ? '' : `, ${shown(ratio)}×`;
  return `${shown(figure)} (${shown(low)}–${shown(high)})${times}`;
}

function verdicts(rows: readonly Row[]): readonly string[] {
  const lines = worst(rows.flatMap(judge)).map(({ case: name, of, aim, figure, reached, condition }) => {
    const where = of === undefined ? '' : `, the worst \`${of}\``;
    return `| \`${name}\`${where} | ${aim}${condition ? ' (a condition)' : ''} | ${shown(figure)} | ${reached ? 'yes' : '**no**'} |`;
  });
  return lines.length === 0 ? [] : ['| case | target | measured | reached |', '|---|---|---:|---|', ...lines, ''];
}
