/**
 * The strict parser for OpenMetrics 1.0 and text 0.0.4: it rejects what a lenient scraper would accept, and gives the location, the rule and the fix. It
 * reports every faulty line, not only the first.
 */

import type { TextFormat } from '../format.ts';
import { createFamilyBuilder } from './parse-families.ts';
import { parseMetadata } from './parse-metadata.ts';
import { parseSample } from './parse-sample.ts';
import type { Fault, ParsedFamily, ParseProblem, ParseResult } from './parsed.ts';
import { shown } from './scan.ts';

/** The parser stops after this many problems: an exposition in the wrong format has one per line. */
const maxProblems = 100;

/**
 * Parses an exposition, already decoded from UTF-8.
 *
 * OpenMetrics must follow the rules of Python's strict parser (client_python), and also the grammar's single spaces, "a series
 * occurs once", and "a counter has its total". Text 0.0.4 must follow Go's parser (prometheus/common), and also have families in
 * one piece, no duplicate series, and complete, cumulative histograms. Never throws.
 */
export function parseExposition(text: string, format: TextFormat): ParseResult {
  const problems: ParseProblem[] = [];
  const report = (line: number, fault: Fault): void => {
    if (problems.length < maxProblems) problems.push({ line, ...fault });
  };
  const families = format === 'openmetrics' ? readOpenMetrics(text, report) : readText(text, report);
  if (problems.length === 0) return { ok: true, families };
  return { ok: false, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

type Report = (line: number, fault: Fault) => void;

function readOpenMetrics(text: string, report: Report): readonly ParsedFamily[] {
  const builder = createFamilyBuilder('openmetrics', report);
  const lines = text.split('\n');
  // One LF after `# EOF` is tolerated (conformance: the strict parser takes both).
  if (lines.at(-1) === '') lines.pop();
  let ended = false;
  for (const [index, line] of lines.entries()) {
    const number = index + 1;
    if (ended) {
      report(number, { column: 1, rule: 'nothing follows # EOF', got: shown(line), fix: 'remove it' });
      break;
    }
    if (line === '') report(number, { column: 1, rule: 'there are no blank lines', got: 'a blank line', fix: 'remove it' });
    else ended = readLine(line, number, 'openmetrics', builder, report);
  }
  const families = builder.end();
  if (!ended) {
    const got = shown(lines.at(-1) ?? '');
    report(Math.max(lines.length, 1), { column: 1, rule: 'an exposition ends with # EOF', got, fix: 'add # EOF as the last line' });
  }
  return families;
}

function readText(text: string, report: Report): readonly ParsedFamily[] {
  const builder = createFamilyBuilder('text', report);
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  if (last !== '') {
    report(lines.length + 1, { column: last.length + 1, rule: 'the last line ends with a line feed', got: shown(last), fix: 'add it' });
    lines.push(last);
  }
  for (const [index, line] of lines.entries()) {
    if (/[^ \t]/.test(line)) readLine(line, index + 1, 'text', builder, report);
  }
  return builder.end();
}

/**
 * A carriage return at the end of a HELP is part of its value: both formats escape the line feed and leave all other characters, and
 * OpenMetrics' `normal-char` includes it. At the end of any other line it would be part of the line's ending.
 */
const endsInText = /^[ \t]*#[ \t]*HELP[ \t]/;

/** True when the line was OpenMetrics' `# EOF`. */
function readLine(
  line: string,
  number: number,
  format: TextFormat,
  builder: ReturnType<typeof createFamilyBuilder>,
  report: Report,
): boolean {
  if (line.endsWith('\r') && !endsInText.test(line)) {
    report(number, { column: line.length, rule: 'lines end with a line feed alone', got: '"\\r"', fix: 'remove the carriage return' });
    return line === '# EOF\r';
  }
  if (/^[ \t]*#/.test(line) && (format === 'text' || line.startsWith('#'))) {
    const metadata = parseMetadata(line, format);
    if ('rule' in metadata) report(number, metadata);
    else if (metadata.line === 'eof') return true;
    else if (metadata.line !== 'comment') builder.metadata(metadata, number);
    return false;
  }
  const sample = parseSample(line, format);
  if ('rule' in sample) report(number, sample);
  else builder.sample(sample, number);
  return false;
}
