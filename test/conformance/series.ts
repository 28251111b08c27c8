/** Expositions as maps from series to value, in one spelling, so that two programs' texts can be compared. */
import assert from 'node:assert/strict';
import { parseExposition } from '../../src/formats/exposition/parse/parse.ts';
import type { ParsedFamily } from '../../src/formats/exposition/parse/parsed.ts';

export type SeriesMap = ReadonlyMap<string, number>;

/** What a Collector adds of its own: who pushed, and through which scope. */
const addedLabels = /^(job|instance|otel_scope_.*)$/;
const addedFamily = 'target_info';

/**
 * A series' one spelling: labels sorted, `le` as a number (`1` and `1.0` are one bound), empty values left out (in Prometheus
 * they are absent labels), and without what a Collector adds.
 */
export function seriesKey(name: string, labels: Iterable<readonly [string, string]>): string {
  const shown = [...labels]
    .filter(([label, value]) => value !== '' && !addedLabels.test(label))
    .map(
      ([label, value]) => `${label}=${JSON.stringify(label === 'le' ? String(Number(value.replace('Inf', 'Infinity'))) : value)}`,
    )
    .sort();
  return `${name}{${shown.join(',')}}`;
}

/** The families of a text, or an assertion error with everything that is wrong with it. */
export function familiesOf(text: string, format: 'openmetrics' | 'text'): readonly ParsedFamily[] {
  const parsed = parseExposition(text, format);
  assert.ok(parsed.ok, parsed.ok ? '' : `not an exposition: ${JSON.stringify(parsed.problems, undefined, 1)}`);
  return parsed.families.filter((family) => family.name !== addedFamily);
}

export function seriesOf(families: readonly ParsedFamily[]): Map<string, number> {
  const series = new Map<string, number>();
  for (const family of families) {
    for (const sample of family.samples) {
      const key = seriesKey(sample.name, sample.labels);
      assert.ok(!series.has(key), `${key} is there twice`);
      series.set(key, sample.value);
    }
  }
  return series;
}

export interface Comparison {
  readonly compared: number;
  /** Series that only one side has, each with the side. */
  readonly differingSeries: readonly string[];
  /** Series with two values, each with both. */
  readonly differingValues: readonly string[];
}

/** Compares what was pulled with what was pushed; `agrees` says when two values are the same. */
export function compare<P>(pulled: SeriesMap, pushed: ReadonlyMap<string, P>, agrees: (a: number, b: P) => boolean): Comparison {
  const differingSeries: string[] = [];
  const differingValues: string[] = [];
  let compared = 0;
  for (const [key, value] of pulled) {
    const other = pushed.get(key);
    if (other === undefined) {
      differingSeries.push(`${key} only pulled`);
      continue;
    }
    compared++;
    if (!agrees(value, other)) differingValues.push(`${key}: pulled ${value}, pushed ${other}`);
  }
  for (const key of pushed.keys()) if (!pulled.has(key)) differingSeries.push(`${key} only pushed`);
  return { compared, differingSeries, differingValues };
}
