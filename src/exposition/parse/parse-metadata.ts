/** One line of an exposition that starts with `#`. */
import type { Kind } from '../../naming/kind.ts';
import type { TextFormat } from '../format.ts';
import type { Fault } from './parsed.ts';
import { atEnd, fail, type Scan, skipBlanks, startScan, take, takeGap, takeQuoted, unescapeText } from './scan.ts';

export type Metadata =
  | { readonly line: 'help'; readonly name: string; readonly text: string }
  | { readonly line: 'type'; readonly name: string; readonly kind: Kind }
  | { readonly line: 'unit'; readonly name: string; readonly text: string }
  | { readonly line: 'eof' }
  | { readonly line: 'comment' };

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const word = /[^ \t]+/y;

const openMetricsTypes: Readonly<Record<string, Kind>> = {
  unknown: 'unknown',
  gauge: 'gauge',
  counter: 'counter',
  stateset: 'stateset',
  info: 'info',
  histogram: 'histogram',
  gaugehistogram: 'gaugehistogram',
  summary: 'summary',
};
const textTypes: Readonly<Record<string, Kind>> = {
  untyped: 'unknown',
  gauge: 'gauge',
  counter: 'counter',
  histogram: 'histogram',
  summary: 'summary',
};

export function parseMetadata(line: string, format: TextFormat): Metadata | Fault {
  const scan = startScan(line, format);
  const metadata = format === 'openmetrics' ? takeOpenMetrics(scan) : takeText(scan);
  return metadata ?? scan.fault ?? { column: 1, rule: 'a # line is metadata', got: line, fix: 'remove it' };
}

function takeOpenMetrics(scan: Scan): Metadata | undefined {
  if (scan.text === '# EOF') return { line: 'eof' };
  const keyword = /^# (HELP|TYPE|UNIT) /.exec(scan.text)?.[1];
  if (keyword === undefined) {
    return fail(scan, 'a # line is TYPE, HELP, UNIT or EOF, each part after one space', 'write it so, or remove it');
  }
  scan.at = '# HELP '.length;
  const name = takeName(scan);
  if (name === undefined) return undefined;
  if (!takeGap(scan)) return fail(scan, `a space follows the name after ${keyword}`, 'add it, and what follows it');
  return keyword === 'UNIT' ? { line: 'unit', name, text: scan.text.slice(scan.at) } : takeBody(scan, keyword, name);
}

/** In text 0.0.4 every line but HELP and TYPE is a comment, `# EOF` and `# UNIT` included. */
function takeText(scan: Scan): Metadata | undefined {
  skipBlanks(scan);
  scan.at += 1;
  skipBlanks(scan);
  const keyword = take(scan, word);
  if (keyword !== 'HELP' && keyword !== 'TYPE') return { line: 'comment' };
  skipBlanks(scan);
  const name = takeName(scan);
  if (name === undefined) return undefined;
  if (!takeGap(scan) && !atEnd(scan)) return fail(scan, 'a blank follows the name', 'add it');
  return takeBody(scan, keyword, name);
}

function takeBody(scan: Scan, keyword: string, name: string): Metadata | undefined {
  const start = scan.at;
  const rest = scan.text.slice(start);
  if (keyword === 'HELP') {
    const text = unescapeText(scan, rest, start, scan.format === 'openmetrics');
    return text === undefined ? undefined : { line: 'help', name, text };
  }
  const types = scan.format === 'openmetrics' ? openMetricsTypes : textTypes;
  const given = scan.format === 'openmetrics' ? rest : rest.trimEnd();
  const kind = Object.hasOwn(types, given) ? types[given] : undefined;
  if (kind === undefined) return fail(scan, `a type is one of ${Object.keys(types).join(', ')}`, 'use one of them');
  return { line: 'type', name, kind };
}

function takeName(scan: Scan): string | undefined {
  const start = scan.at;
  const name = scan.text[start] === '"' ? takeQuoted(scan) : take(scan, metricName);
  const next = scan.text[scan.at];
  const ended = next === undefined || next === ' ' || (next === '\t' && scan.format === 'text');
  if (name === undefined || name === '' || !ended) {
    return fail(scan, 'a metric name has letters, digits, _ and :, no digit first', 'correct it, or put it in quotes', start);
  }
  return name;
}
