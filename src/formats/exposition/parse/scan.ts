/**
 * A cursor over one line of an exposition. Every `take…` advances and returns what it read, or keeps the first fault and returns
 * undefined: nothing throws, since the input comes from outside.
 */
import type { TextFormat } from '../format.ts';
import type { FindingId } from './findings.ts';
import { type Fault, faultOf } from './parsed.ts';

export interface Scan {
  readonly text: string;
  readonly format: TextFormat;
  /** Takes what Prometheus takes. */
  readonly lenient: boolean;
  at: number;
  fault: Fault | undefined;
}

/** The number grammar of OpenMetrics 1.0 (Go's `ParseFloat` without hexadecimal and underscores is the same). */
const number = /[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?)|nan/iy;
const blanks = /[ \t]*/y;
/** How many characters of a faulty input a message repeats. */
const shownCharacters = 40;

export function startScan(text: string, format: TextFormat, lenient: boolean): Scan {
  return { text, format, lenient, at: 0, fault: undefined };
}

export function fail(
  scan: Scan,
  id: FindingId,
  at = scan.at,
  own: { readonly rule?: string; readonly fix?: string } = {},
): undefined {
  scan.fault ??= faultOf(id, at + 1, shown(scan.text.slice(at, at + shownCharacters + 1)), own);
  return undefined;
}

export function shown(text: string): string {
  if (text === '') return 'the end of the line';
  return JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
}

/** The match of a sticky pattern at the cursor; undefined, without a fault, when it does not match. */
export function take(scan: Scan, pattern: RegExp): string | undefined {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text)?.[0];
  if (found !== undefined) scan.at += found.length;
  return found;
}

export function takeChar(scan: Scan, char: string): boolean {
  if (scan.text[scan.at] !== char) return false;
  scan.at += 1;
  return true;
}

export function atEnd(scan: Scan): boolean {
  return scan.at >= scan.text.length;
}

/** Blanks, which text 0.0.4 allows in many places and OpenMetrics nowhere. */
export function skipBlanks(scan: Scan): void {
  if (scan.format === 'text') take(scan, blanks);
}

/**
 * Takes the separator of two fields: one space in OpenMetrics, any run of blanks in text 0.0.4. False, without a fault, if there
 * is none.
 */
export function takeGap(scan: Scan): boolean {
  if (scan.format === 'openmetrics') return takeChar(scan, ' ');
  return (take(scan, blanks) ?? '') !== '';
}

export function takeNumber(scan: Scan, what: string): number | undefined {
  const start = scan.at;
  const text = take(scan, number);
  const next = scan.text[scan.at];
  if (text === undefined || (next !== undefined && next !== ' ' && next !== '\t')) {
    return fail(scan, 'number-form', start, { rule: `${what} is a number` });
  }
  const value = numberOf(text);
  // Go's ParseFloat rejects it, and so does Prometheus.
  if (value !== undefined && !Number.isFinite(value) && /\d/.test(text)) return fail(scan, 'number-range', start);
  return value;
}

/** The value of a number in the formats' grammar; undefined for any other string. */
export function numberOf(text: string): number | undefined {
  number.lastIndex = 0;
  if (number.exec(text)?.[0].length !== text.length) return undefined;
  const lower = text.toLowerCase();
  if (lower.endsWith('nan')) return Number.NaN;
  if (lower.includes('inf')) return lower.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

/** A string between double quotes, unescaped. */
export function takeQuoted(scan: Scan): string | undefined {
  const start = scan.at;
  let end = start + 1;
  while (end < scan.text.length && scan.text[end] !== '"') end += scan.text[end] === '\\' ? 2 : 1;
  if (end >= scan.text.length) return fail(scan, 'quote-open', start);
  // Where Prometheus lets text go on on the next line, its line feed is not escaped.
  if (scan.lenient && scan.text.includes('\\\n')) return fail(scan, 'escape', start);
  scan.at = end + 1;
  return unescapeText(scan, scan.text.slice(start + 1, end), start + 1, true);
}

/**
 * OpenMetrics, and Prometheus in text too, keeps an unknown escape unchanged (`\d`), as its grammar requires; text 0.0.4 allows
 * only `\\`, `\n` and, where `quotes` are escaped too, `\"`.
 */
export function unescapeText(scan: Scan, text: string, start: number, quotes: boolean): string | undefined {
  if (!text.includes('\\')) return text;
  let result = '';
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char !== '\\') {
      result += char;
      continue;
    }
    const next = text[i + 1];
    if (next === '\\') result += '\\';
    else if (next === 'n') result += '\n';
    else if (next === '"' && quotes) result += '"';
    else if (scan.format === 'openmetrics' || scan.lenient) result += `\\${next ?? ''}`;
    else return fail(scan, 'escape', start + i);
    i += 1;
  }
  return result;
}
