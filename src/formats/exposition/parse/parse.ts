/**
 * The strict parser for OpenMetrics 1.0 and text 0.0.4 (and 1.0.0, which is 0.0.4 with quoted names): it rejects what a lenient
 * scraper would accept, and gives the place, the rule and the fix. It reports every faulty line, not only the first.
 */
import type { TextFormat } from '../format.ts';
import type { OpenFamily } from './parse-families.ts';
import type { ParsedFamily, ParsedSample, ParseProblem, ParseResult } from './parsed.ts';
import { createLineReader } from './read-lines.ts';

/** The parser keeps this many problems: an exposition in the wrong format has one per line. */
export const mostProblems = 100;

/**
 * Parses an exposition, already decoded from UTF-8.
 *
 * OpenMetrics must follow the rules of Python's strict parser (client_python), and also the grammar's single spaces, "a series
 * occurs once", and "a counter has its total". Text 0.0.4 must follow Go's parsers (prometheus/common, and the one that
 * Prometheus 3 scrapes with), and also have families in one piece, no duplicate series, and complete, cumulative histograms.
 * Never throws.
 */
export function parseExposition(text: string, format: TextFormat): ParseResult {
  const problems: ParseProblem[] = [];
  const families: ParsedFamily[] = [];
  let samples: ParsedSample[] = [];
  const reader = createLineReader(
    format,
    false,
    (line, fault) => {
      if (problems.length < mostProblems) problems.push({ line, ...fault });
    },
    {
      sample: (sample) => samples.push(sample),
      family(family) {
        families.push(parsedFamily(family, samples));
        samples = [];
      },
    },
  );
  let from = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
    reader.line(text.slice(from, end));
    from = end + 1;
  }
  reader.end(text.slice(from));
  if (problems.length === 0) return { ok: true, families };
  return { ok: false, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

function parsedFamily({ name, kind, help, unit }: OpenFamily, samples: readonly ParsedSample[]): ParsedFamily {
  return {
    name,
    kind: kind ?? 'unknown',
    ...(help === undefined ? {} : { help }),
    ...(unit === undefined || unit === '' ? {} : { unit }),
    samples,
  };
}
