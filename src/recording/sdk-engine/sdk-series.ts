/**
 * What the SDK is to know of the series of a metric: each is an attribute set with a number of its own. The SDK cannot forget an attribute set, so
 * a series that comes back after it was dropped is another one, and the points of the old are recognized.
 */
import type { Attributes } from '@opentelemetry/api';
import type { Series } from '../../series/series.ts';
import type { Family, Row } from '../../store/store.ts';

export interface SdkSeries {
  readonly row: Row;
  /** The row's in the store, while it is this series'. */
  readonly generation: number;
  readonly attributes: Attributes;
  /** A gauge's value as it was recorded last: the SDK compares times of the wall clock, and keeps the older value once that was set back. */
  last?: number;
  /** Its cells as an instrument left them that is no longer asked: what the present one says comes on top. */
  base?: Float64Array;
}

export interface SdkSeriesTable {
  /** `series` has its row. */
  of(series: Series): SdkSeries;
  /** The live series of a point; undefined: it was dropped. */
  find(attributes: Attributes): SdkSeries | undefined;
  /** Live ones. */
  all(): Iterable<SdkSeries>;
}

/** The attribute that holds the number. */
export const seriesAttribute = 'meterbridge.series';

export function createSdkSeries(names: readonly string[], family: Family): SdkSeriesTable {
  const byRow = new Map<Row, SdkSeries>();
  const byNumber = new Map<unknown, SdkSeries>();
  let numbers = 0;

  function isLive({ row, generation }: SdkSeries): boolean {
    return family.generation(row) === generation;
  }

  function attributesOf({ values }: Series): Attributes {
    const attributes: Attributes = {};
    for (const [at, name] of names.entries()) attributes[name] = values[at] as string;
    attributes[seriesAttribute] = numbers;
    return Object.freeze(attributes);
  }

  return Object.freeze<SdkSeriesTable>({
    of(series) {
      const { row } = series;
      const known = byRow.get(row);
      if (known !== undefined && isLive(known)) return known;
      numbers += 1;
      const made: SdkSeries = { row, generation: family.generation(row), attributes: attributesOf(series) };
      byRow.set(row, made);
      byNumber.set(numbers, made);
      return made;
    },
    find(attributes) {
      const number = attributes[seriesAttribute];
      const found = byNumber.get(number);
      if (found === undefined || isLive(found)) return found;
      byNumber.delete(number);
      return undefined;
    },
    all: () => byNumber.values().filter(isLive),
  });
}
