/**
 * The lines of an exposition, one after the other: each is held against the strict rules, and in lenient mode, where it breaks
 * one, read as Prometheus reads it.
 */
import type { TextFormat } from '../format.ts';
import { createFamilyBuilder, type FamilySink } from './parse-families.ts';
import { type Metadata, parseMetadata } from './parse-metadata.ts';
import { parseSample } from './parse-sample.ts';
import { type Fault, faultOf, type ParsedSample, type Report } from './parsed.ts';
import { shown } from './scan.ts';

/** Prometheus lets quoted text go on on the next line. It may do so here as often as this. */
const mostJoins = 16;

/**
 * A carriage return at the end of a HELP is part of its value: both formats escape the line feed and leave all other characters,
 * and OpenMetrics' `normal-char` includes it. At the end of any other line it would be part of the line's ending.
 */
const endsInText = /^[ \t]*#[ \t]*HELP[ \t]/;
const onlyBlanks = /^[ \t]*$/;
const hash = /^[ \t]*#/;
const startsWithNul = /^[ \t]*\0/;
const describes = /^[ \t]*#[ \t]+(?:HELP|TYPE)[ \t]/;

export interface LineReader {
  /** A line without its line feed. */
  line(text: string): void;
  /** A line that is there, but cannot be read. */
  skip(fault: Fault): void;
  /** The exposition ends. @param rest what is behind the last line feed */
  end(rest: string): void;
}

/** Prometheus' parser of text takes a byte 0 for the end of the exposition at the start of a line, and in a comment. */
const endsPage = (text: string) => startsWithNul.test(text) || (hash.test(text) && !describes.test(text));

type Read = ParsedSample | Metadata | Fault;

export function createLineReader(format: TextFormat, lenient: boolean, report: Report, sink: FamilySink): LineReader {
  const builder = createFamilyBuilder(format, report, sink);
  const strictText = format === 'openmetrics';
  let number = 0;
  /** The exposition's end has been read. */
  let ended = false;
  let last = '';
  /** A line with an open quote, and those behind it, while they may be one. */
  let held: string[] = [];
  let heldFault: Fault | undefined;

  function read(text: string, asPrometheus: boolean): Read {
    if (hash.test(text) && (format === 'text' || text.startsWith('#'))) return parseMetadata(text, format, asPrometheus);
    return parseSample(text, format, asPrometheus);
  }

  function accept(found: Exclude<Read, Fault>, at: number): void {
    if ('labels' in found) builder.sample(found, at);
    else if (found.line === 'eof') ended = true;
    else if (found.line !== 'comment') builder.metadata(found, at);
  }

  function strictFault(text: string): Read {
    if (text.endsWith('\r') && !endsInText.test(text)) return faultOf('line-end', text.length, '"\\r"');
    return read(text, false);
  }

  function one(text: string, at: number): void {
    if (ended) return;
    if (text === '' && strictText) {
      report(at, faultOf('line-blank', 1, 'a blank line'), true);
      return;
    }
    if (!strictText && (text === '' || onlyBlanks.test(text))) return;
    if (!strictText && text.includes('\0') && endsPage(text)) {
      report(at, faultOf('line-nul', text.indexOf('\0') + 1, shown(text.slice(0, 41))), !lenient);
      ended = lenient;
      return;
    }
    const found = strictFault(text);
    if (!('rule' in found)) {
      accept(found, at);
      return;
    }
    if (!lenient) {
      report(at, found, true);
      ended = text === '# EOF\r';
      return;
    }
    const again = read(text, true);
    if (!('rule' in again)) {
      report(at, found, false);
      accept(again, at);
    } else if (again.id === 'quote-open') {
      held = [text];
      heldFault = found;
    } else {
      // The looser reading says what Prometheus minds.
      report(at, found.id === 'line-end' ? found : again, true);
      if (text === '# EOF\r') ended = true;
    }
  }

  function join(text: string, at: number): void {
    held.push(text);
    const from = at - held.length + 1;
    // Without one the string cannot end here.
    if (!text.includes('"') && held.length <= mostJoins) return;
    const found = read(held.join('\n'), true);
    if ('rule' in found) {
      if (found.id !== 'quote-open' || held.length > mostJoins) rejectHeld(from);
    } else {
      report(from, heldFault as Fault, false);
      held = [];
      accept(found, from);
    }
  }

  /** The quote was never closed: the lines behind stand for themselves. */
  function rejectHeld(from: number): void {
    const [, ...others] = held;
    held = [];
    report(from, heldFault as Fault, true);
    for (const [i, text] of others.entries()) {
      if (held.length > 0) join(text, from + 1 + i);
      else one(text, from + 1 + i);
    }
  }

  function line(text: string): void {
    number++;
    if (ended) {
      if (strictText && number >= 0) report(number, faultOf('line-after-eof', 1, shown(text.slice(0, 41))), true);
      // Once is enough.
      number = Number.NEGATIVE_INFINITY;
      return;
    }
    last = text;
    if (held.length > 0) join(text, number);
    else one(text, number);
  }

  return {
    line,
    skip(fault) {
      number++;
      if (held.length > 0) rejectHeld(number - held.length);
      if (!ended) report(number, fault, true);
    },
    end(rest) {
      if (rest !== '' && !strictText && !ended)
        report(number + 1, faultOf('line-no-feed', rest.length + 1, shown(rest.slice(0, 41))), !lenient);
      if (rest !== '') line(rest);
      if (held.length > 0) rejectHeld(number - held.length + 1);
      builder.end();
      if (strictText && !ended) report(Math.max(number, 1), faultOf('line-no-eof', 1, shown(last.slice(0, 41))), true);
    },
  };
}
