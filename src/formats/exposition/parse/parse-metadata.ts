/** One line of an exposition that starts with `#`. */
import type { Kind } from '../../../core/naming/kind.ts';
import type { TextFormat } from '../format.ts';
import { type Fault, faultOf } from './parsed.ts';
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

export function parseMetadata(line: string, format: TextFormat, lenient = false): Metadata | Fault {
  const scan = startScan(line, format, lenient);
  const metadata = format === 'openmetrics' ? takeOpenMetrics(scan) : takeText(scan);
  return metadata ?? scan.fault ?? faultOf('metadata-line', 1, line);
}

function takeOpenMetrics(scan: Scan): Metadata | undefined {
  if (scan.text === '# EOF') return { line: 'eof' };
  const keyword = /^# (HELP|TYPE|UNIT) /.exec(scan.text)?.[1];
  if (keyword === undefined) {
    return fail(scan, 'metadata-line');
  }
  scan.at = '# HELP '.length;
  const name = takeName(scan);
  if (name === undefined) return undefined;
  if (!takeGap(scan)) return fail(scan, 'metadata-gap', scan.at, { fix: 'add it, and what follows it' });
  return keyword === 'UNIT' ? { line: 'unit', name, text: scan.text.slice(scan.at) } : takeBody(scan, keyword, name);
}

/** In text 0.0.4 every line but HELP and TYPE is a comment, `# EOF` and `# UNIT` included. */
function takeText(scan: Scan): Metadata | undefined {
  skipBlanks(scan);
  scan.at += 1;
  const afterHash = takeGap(scan);
  const keyword = take(scan, word);
  if (keyword !== 'HELP' && keyword !== 'TYPE') return { line: 'comment' };
  // For Prometheus both are comments.
  if (!afterHash || atEnd(scan)) return scan.lenient ? { line: 'comment' } : fail(scan, 'metadata-blanks', 0);
  skipBlanks(scan);
  const name = takeName(scan);
  if (name === undefined) return undefined;
  const gap = scan.at;
  if (scan.lenient) {
    // Prometheus drops the byte behind the name, whatever it is; what is left of a longer character is not UTF-8.
    if (scan.text.charCodeAt(gap) > 127) return fail(scan, 'metadata-gap');
    scan.at = Math.min(gap + 1, scan.text.length);
    return takeBody(scan, keyword, name);
  }
  if (!takeGap(scan) && !atEnd(scan)) return fail(scan, 'metadata-gap');
  if (keyword === 'TYPE' && scan.at > gap + 1) return fail(scan, 'metadata-blanks', gap);
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
  const kind = Object.hasOwn(types, rest) ? types[rest] : undefined;
  if (kind === undefined && Object.hasOwn(types, rest.trimEnd()))
    return fail(scan, 'metadata-blanks', start + rest.trimEnd().length);
  if (kind === undefined)
    return fail(scan, 'metadata-type', start, { rule: `a type is one of ${Object.keys(types).join(', ')}` });
  return { line: 'type', name, kind };
}

function takeName(scan: Scan): string | undefined {
  const start = scan.at;
  const name = scan.text[start] === '"' ? takeQuoted(scan) : take(scan, metricName);
  const next = scan.text[scan.at];
  const ended = next === undefined || next === ' ' || (next === '\t' && scan.format === 'text');
  if (name === undefined || (!scan.lenient && name === '') || (!ended && !(scan.lenient && scan.format === 'text'))) {
    return fail(scan, 'name-metric', start);
  }
  return name;
}
