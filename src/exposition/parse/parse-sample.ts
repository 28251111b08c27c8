/** One sample line of an exposition: name, labels, value, timestamp, exemplar. */
import type { TextFormat } from '../format.ts';
import type { Fault, ParsedExemplar, ParsedSample } from './parsed.ts';
import { atEnd, fail, type Scan, skipBlanks, startScan, take, takeChar, takeGap, takeNumber, takeQuoted } from './scan.ts';

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** Maximum length of exemplar labels, names and values together, in Unicode code points (OpenMetrics 1.0, "Exemplars"). */
const exemplarCodePoints = 128;

type Labels = (readonly [string, string])[];

export function parseSample(line: string, format: TextFormat): ParsedSample | Fault {
  const scan = startScan(line, format);
  const sample = takeSample(scan);
  // Without a sample there is always a fault; the fallback only satisfies the compiler.
  return sample ?? scan.fault ?? { column: 1, rule: 'a sample has a name and a value', got: line, fix: 'write both' };
}

function takeSample(scan: Scan): ParsedSample | undefined {
  skipBlanks(scan);
  let name = take(scan, metricName);
  if (name === undefined && scan.text[scan.at] !== '{') {
    return fail(scan, 'a sample starts with a metric name', 'use letters, digits, _ and :, no digit first');
  }
  skipBlanksBefore(scan, '{');
  let labels: Labels = [];
  if (scan.text[scan.at] === '{') {
    const read = takeLabels(scan, name === undefined);
    if (read === undefined) return undefined;
    labels = read.labels;
    name ??= read.name;
    if (name === undefined) return fail(scan, 'a sample has a metric name', 'put it in quotes inside the braces', 0);
    skipBlanks(scan);
    // Text 0.0.4 allows `}` and the value without a blank between them.
    if (scan.format === 'text') return takeRest(scan, name, labels);
  }
  if (!takeGap(scan)) return fail(scan, `${gapName(scan)} is between the series and its value`, 'add it');
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
  if (!onlyBlanksLeft(scan)) return fail(scan, 'a sample ends after its value, timestamp and exemplar', 'remove the rest');
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
  if (!takeGap(scan)) return fail(scan, 'a space is between value and timestamp', 'add it, or remove the rest');
  const start = scan.at;
  const time = takeNumber(scan, 'the timestamp');
  if (time === undefined) return undefined;
  if (!Number.isFinite(time)) return fail(scan, 'a timestamp is finite', 'leave it out', start);
  if (scan.format === 'openmetrics') return time;
  if (!/^[+-]?\d+$/.test(scan.text.slice(start, scan.at))) {
    return fail(scan, 'a timestamp of text 0.0.4 is a whole number of milliseconds', 'write it so, or leave it out', start);
  }
  return time / 1000;
}

function takeExemplar(scan: Scan): ParsedExemplar | undefined {
  scan.at += ' # '.length;
  const start = scan.at;
  if (scan.text[scan.at] !== '{') return fail(scan, 'an exemplar starts with its labels', 'write {} when it has none');
  const labels = takeLabels(scan, false)?.labels;
  if (labels === undefined) return undefined;
  let length = 0;
  for (const [name, value] of labels) length += [...name].length + [...value].length;
  if (length > exemplarCodePoints) {
    return fail(scan, `exemplar labels have at most ${exemplarCodePoints} characters`, 'shorten them', start);
  }
  if (!takeGap(scan)) return fail(scan, "a space is between an exemplar's labels and its value", 'add it');
  const value = takeNumber(scan, "the exemplar's value");
  if (value === undefined) return undefined;
  if (atEnd(scan)) return { labels, value };
  const timestamp = takeTimestamp(scan);
  return timestamp === undefined ? undefined : { labels, value, timestamp };
}

/** `{a="1",b="2"}`; with `named` the first entry may be the metric's quoted name, and names outside ASCII are quoted. */
function takeLabels(scan: Scan, named: boolean): { name: string | undefined; labels: Labels } | undefined {
  scan.at += 1;
  const labels: Labels = [];
  const seen = new Set<string>();
  let name: string | undefined;
  skipBlanks(scan);
  while (!takeChar(scan, '}')) {
    const start = scan.at;
    const quoted = scan.text[scan.at] === '"';
    const key = quoted ? takeQuoted(scan) : take(scan, labelName);
    if (key === undefined) return fail(scan, 'a label has a name', 'use letters, digits and _, no digit first; quote others');
    skipBlanks(scan);
    if (quoted && named && name === undefined && labels.length === 0 && scan.text[scan.at] !== '=') name = key;
    else if (!takeLabel(scan, key, start, seen, labels)) return undefined;
    skipBlanks(scan);
    if (scan.text[scan.at] === '}') continue;
    if (!takeChar(scan, ',')) return fail(scan, 'labels are separated by commas and end with }', 'add what is missing');
    skipBlanks(scan);
    // Only text 0.0.4 allows a comma before the brace.
    if (scan.text[scan.at] === '}' && scan.format === 'openmetrics') {
      return fail(scan, 'there is no comma before the closing brace', 'remove it', scan.at - 1);
    }
  }
  return { name, labels };
}

function takeLabel(scan: Scan, key: string, start: number, seen: Set<string>, labels: Labels): boolean {
  if (key === '') fail(scan, 'a label name is not empty', 'name it', start);
  else if (key.startsWith('__')) fail(scan, 'label names with __ in front are reserved', 'rename the label', start);
  else if (seen.has(key)) fail(scan, 'a label occurs once in a series', 'remove or rename one of them', start);
  else if (!takeChar(scan, '=')) fail(scan, 'an = is between label name and value', 'add it');
  if (scan.fault !== undefined) return false;
  skipBlanks(scan);
  if (scan.text[scan.at] !== '"') fail(scan, 'a label value is in double quotes', 'add them');
  const value = scan.fault === undefined ? takeQuoted(scan) : undefined;
  if (value === undefined) return false;
  seen.add(key);
  labels.push([key, value]);
  return true;
}

function skipBlanksBefore(scan: Scan, char: string): void {
  const start = scan.at;
  skipBlanks(scan);
  if (scan.text[scan.at] !== char) scan.at = start;
}

function onlyBlanksLeft(scan: Scan): boolean {
  return atEnd(scan) || (scan.format === 'text' && scan.text.slice(scan.at).trim() === '');
}

function gapName(scan: Scan): string {
  return scan.format === 'openmetrics' ? 'one space' : 'a blank';
}
