/** Pages of two programs in one spelling: order, empty labels and the spelling of numbers do not count. */
import assert from 'node:assert/strict';
import { parseExposition } from '../../../src/formats/exposition/parse/parse.ts';
import { parseSample } from '../../../src/formats/exposition/parse/parse-sample.ts';
import type { ParsedFamily, ParsedSample } from '../../../src/formats/exposition/parse/parsed.ts';
import type { Both, Format } from './twin.ts';
import { unquoted } from './unquoted.ts';

/** Stands before the lines of a page that the parser refuses. */
export const notAnExposition = 'not an exposition';

/**
 * One line for the TYPE, HELP and UNIT of each family and for each of its samples, sorted. The lines of a page that the parser
 * refuses are read one by one.
 *
 * @param keeps says of a sample's line whether it counts; families without one are left out
 */
export function linesOf(page: string, asked: Format, keeps: (line: string) => boolean = () => true): readonly string[] {
  const format = asked.endsWith('openmetrics') ? 'openmetrics' : 'text';
  const kept = blocksOf(asked.startsWith('utf8') ? unquoted(page) : page).flatMap(({ head, samples }) => {
    const own = samples.filter(keeps);
    return own.length === 0 ? [] : [...head, ...own];
  });
  const text = [...kept, ...(format === 'openmetrics' ? ['# EOF', ''] : [''])].join('\n');
  const parsed = parseExposition(kept.length === 0 && format === 'text' ? '' : text, format);
  if (!parsed.ok) return [notAnExposition, ...kept.map((line) => looseLine(line, format)).toSorted()];
  return parsed.families.flatMap(familyLines).toSorted();
}

interface Block {
  readonly head: string[];
  readonly samples: string[];
}

/** Runs of metadata, each with the samples behind it. */
function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let inSamples = true;
  for (const line of page.split('\n')) {
    if (line === '' || line === '# EOF') continue;
    const isHead = line.startsWith('#');
    if (isHead && inSamples) blocks.push({ head: [], samples: [] });
    inSamples = !isHead;
    const block = blocks.at(-1);
    if (block === undefined) throw new Error(`a sample before all metadata: ${line}`);
    (isHead ? block.head : block.samples).push(line);
  }
  return blocks;
}

function familyLines({ name, kind, help = '', unit = '', samples }: ParsedFamily): readonly string[] {
  const head = [`# TYPE ${name} ${kind}`, `# HELP ${name} ${JSON.stringify(help)}`];
  return [...head, ...(unit === '' ? [] : [`# UNIT ${name} ${unit}`]), ...samples.map(sampleLine)];
}

function looseLine(line: string, format: 'openmetrics' | 'text'): string {
  const [, keyword, name, rest = ''] = /^# (TYPE|HELP|UNIT) (\S+) ?(.*)$/.exec(line) ?? [];
  if (keyword !== undefined) return `# ${keyword} ${name} ${keyword === 'HELP' ? JSON.stringify(rest) : rest}`;
  const sample = parseSample(line, format);
  return 'rule' in sample ? line : sampleLine(sample);
}

/** Times of exemplars to the microsecond: the Collector rounds nanoseconds to a double before it divides them. */
function sampleLine({ name, labels, value, timestamp, exemplar }: ParsedSample): string {
  const line = `${name}${labelsText(labels)} ${value}${timestamp === undefined ? '' : ` @${timestamp}`}`;
  if (exemplar === undefined) return line;
  return `${line} # ${labelsText(exemplar.labels)} ${exemplar.value}${exemplar.timestamp === undefined ? '' : ` @${Math.round(exemplar.timestamp * 1e6) / 1e6}`}`;
}

function labelsText(labels: ParsedSample['labels']): string {
  const shown = labels
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${JSON.stringify(name === 'le' || name === 'quantile' ? numberText(value) : value)}`);
  return shown.length === 0 ? '' : `{${shown.sort().join(',')}}`;
}

function numberText(value: string): string {
  const number = Number(value.replace('Inf', 'Infinity'));
  return Number.isNaN(number) ? value : String(number);
}

/** The lines that only one of the two has. */
export function onlyOf({ collector, service }: Both<readonly string[]>): Both<readonly string[]> {
  const without = (lines: readonly string[], others: readonly string[]) => lines.filter((line) => !others.includes(line));
  return { collector: without(collector, service), service: without(service, collector) };
}

/** The Collector writes no UNIT: that is one of the differences. */
export function assertSame({ collector, service: given }: Both<readonly string[]>, what: string): void {
  const lines = { collector, service: given.filter((line) => !line.startsWith('# UNIT ')) };
  assert.deepEqual(onlyOf(lines), { collector: [], service: [] }, what);
  assert.deepEqual(lines.service, lines.collector, what);
}
