/** One sample line of an exposition: name, labels, value, timestamp, exemplar. */
import type { TextFormat } from '../format.ts';
import { type Fault, faultOf, type ParsedExemplar, type ParsedSample } from './parsed.ts';
import { atEnd, fail, type Scan, skipBlanks, startScan, take, takeChar, takeGap, takeNumber, takeQuoted } from './scan.ts';

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** Maximum length of exemplar labels, names and values together, in Unicode code points (OpenMetrics 1.0, "Exemplars"). */
const exemplarCodePoints = 128;
const fewLabels = 16;

type Labels = (readonly [string, string])[];

export function parseSample(line: string, format: TextFormat, lenient = false): ParsedSample | Fault {
  const scan = startScan(line, format, lenient);
  const sample = takeSample(scan);
  // Without a sample there is always a fault; the fallback only satisfies the compiler.
  return sample ?? scan.fault ?? faultOf('name-start', 1, line);
}

function takeSample(scan: Scan): ParsedSample | undefined {
  skipBlanks(scan);
  const blanks = scan.at;
  let name = take(scan, metricName);
  if (name === undefined && scan.text[scan.at] !== '{') return fail(scan, 'name-start');
  if (blanks > 0 && name !== undefined) {
    if (!scan.lenient) return fail(scan, 'name-blanks', 0);
    name = scan.text.slice(0, scan.at);
  }
  skipBlanksBefore(scan, '{');
  let labels: Labels = [];
  if (scan.text[scan.at] === '{') {
    const read = takeLabels(scan, name === undefined);
    if (read === undefined) return undefined;
    labels = read.labels;
    name ??= read.name;
    if (name === undefined || name === '') return fail(scan, 'name-missing', 0);
    skipBlanks(scan);
    // Text 0.0.4 allows `}` and the value without a blank between them.
    if (scan.format === 'text') return takeRest(scan, name, labels);
  }
  if (!takeGap(scan) && !(scan.lenient && scan.format === 'text')) return fail(scan, 'sample-gap');
  return takeRest(scan, name ?? '', labels);
}

function takeRest(scan: Scan, name: string, labels: Labels): ParsedSample | undefined {
  const value = takeNumber(scan, 'the value');
  if (value === undefined) return undefined;
  let timestamp: number | undefined;
  let exemplar: ParsedExemplar | undefined;
  if (scan.text.startsWith(' # ', scan.at) && scan.format === 'openmetrics') {
    exemplar = takeExemplar(scan);
    if (exemplar === undefined) return undefined;
  } else if (!onlyBlanksLeft(scan)) {
    timestamp = takeTimestamp(scan);
    if (timestamp === undefined) return undefined;
    if (scan.text.startsWith(' # ', scan.at) && scan.format === 'openmetrics') {
      exemplar = takeExemplar(scan);
      if (exemplar === undefined) return undefined;
    }
  }
  if (!onlyBlanksLeft(scan)) return fail(scan, 'sample-rest');
  return {
    name,
    labels,
    value,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(exemplar === undefined ? {} : { exemplar }),
  };
}

/** Seconds, whatever unit the format uses. */
function takeTimestamp(scan: Scan): number | undefined {
  if (!takeGap(scan)) return fail(scan, 'time-gap');
  const start = scan.at;
  const time = takeNumber(scan, 'the timestamp');
  if (time === undefined) return undefined;
  if (!Number.isFinite(time)) return fail(scan, 'time-finite', start);
  if (scan.format === 'openmetrics') return time;
  const digits = scan.text.slice(start, scan.at);
  if (/^[+-]\d+$/.test(digits)) return fail(scan, 'time-sign', start);
  if (!/^\d+$/.test(digits)) return fail(scan, 'time-whole', start);
  // Go reads it as int64.
  if (time >= 2 ** 63) return fail(scan, 'number-range', start);
  return time / 1000;
}

function takeExemplar(scan: Scan): ParsedExemplar | undefined {
  scan.at += ' # '.length;
  const start = scan.at;
  if (scan.text[scan.at] !== '{') return fail(scan, 'exemplar-labels');
  const labels = takeLabels(scan, false)?.labels;
  if (labels === undefined) return undefined;
  let length = 0;
  for (const [name, value] of labels) length += codePoints(name) + codePoints(value);
  if (length > exemplarCodePoints && !scan.lenient) return fail(scan, 'exemplar-length', start);
  if (!takeGap(scan)) return fail(scan, 'exemplar-gap');
  const value = takeNumber(scan, "the exemplar's value");
  if (value === undefined) return undefined;
  if (atEnd(scan)) return { labels, value };
  const timestamp = takeTimestamp(scan);
  return timestamp === undefined ? undefined : { labels, value, timestamp };
}

/**
 * `{a="1",b="2"}`; with `named` an entry may be the metric's quoted name, the first one where the parser is strict. Names outside
 * ASCII are quoted.
 */
function takeLabels(scan: Scan, named: boolean): { name: string | undefined; labels: Labels } | undefined {
  scan.at += 1;
  const labels: Labels = [];
  let seen: Set<string> | undefined;
  let name: string | undefined;
  skipBlanks(scan);
  while (!takeChar(scan, '}')) {
    const start = scan.at;
    const quoted = scan.text[scan.at] === '"';
    const key = quoted ? takeQuoted(scan) : take(scan, labelName);
    if (key === undefined) return fail(scan, 'label-name');
    skipBlanks(scan);
    const mayName = quoted && named && name === undefined && (labels.length === 0 || scan.lenient);
    const names = mayName && scan.text[scan.at] !== '=';
    if (names) name = key;
    else {
      // A set pays only where there are many.
      if (labels.length === fewLabels) seen = new Set(labels.map(([other]) => other));
      if (!takeLabel(scan, key, start, seen, labels)) return undefined;
    }
    skipBlanks(scan);
    if (scan.text[scan.at] === '}') continue;
    if (!takeChar(scan, ',')) {
      // Prometheus' parser of text does without it behind a label, but not behind the name.
      if (scan.lenient && scan.format === 'text' && !names) continue;
      return fail(scan, 'label-separator');
    }
    skipBlanks(scan);
    // Text 0.0.4, and Prometheus in OpenMetrics too, allows a comma before the brace.
    if (scan.text[scan.at] === '}' && scan.format === 'openmetrics' && !scan.lenient)
      return fail(scan, 'label-last-comma', scan.at - 1);
  }
  return { name, labels };
}

function takeLabel(scan: Scan, key: string, start: number, seen: Set<string> | undefined, labels: Labels): boolean {
  if (key === '') fail(scan, 'label-name', start, { rule: 'a label name is not empty', fix: 'name it' });
  else if (key.startsWith('__') && !scan.lenient) fail(scan, 'label-reserved', start);
  else if (key === '__name__') fail(scan, 'label-twice', start);
  else if (seen === undefined ? labels.some(([other]) => other === key) : seen.has(key)) fail(scan, 'label-twice', start);
  else if (!takeChar(scan, '=')) fail(scan, 'label-equals');
  if (scan.fault !== undefined) return false;
  skipBlanks(scan);
  if (scan.text[scan.at] !== '"') fail(scan, 'label-value');
  const from = scan.at;
  const value = scan.fault === undefined ? takeQuoted(scan) : undefined;
  if (value === undefined) return false;
  // Prometheus' parser of text reads on behind the line, that of OpenMetrics in names alone.
  if (scan.format === 'openmetrics' && scan.lenient && scan.text.slice(from, scan.at).includes('\n'))
    return fail(scan, 'label-value', from) ?? false;
  seen?.add(key);
  labels.push([key, value]);
  return true;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function skipBlanksBefore(scan: Scan, char: string): void {
  const start = scan.at;
  skipBlanks(scan);
  if (scan.text[scan.at] !== char) scan.at = start;
}

function onlyBlanksLeft(scan: Scan): boolean {
  return atEnd(scan) || (scan.format === 'text' && /^[ \t]*$/.test(scan.text.slice(scan.at)));
}
