/**
 * The series of a metric, as the SDK sees them: each is an attribute set with its own number. The SDK cannot forget an attribute
 * set, so a series that comes back after a drop gets a new number, and the engine recognizes the old one's points.
 */
import type { Attributes } from '@opentelemetry/api';
import type { Family, Row } from '../../../core/store/store.ts';
import type { Series } from '../../series/series.ts';

export interface SdkSeries {
  readonly row: Row;
  /** The generation of the row while it belongs to this series. */
  readonly generation: number;
  readonly attributes: Attributes;
  /**
   * A gauge's last recorded value. The SDK compares wall-clock times, so it keeps an older value after the clock was set back.
   */
  last?: number;
  /** The cells that a replaced instrument left behind: the current instrument's values add to them. */
  base?: Float64Array;
}

export interface SdkSeriesTable {
  /** `series` must have its row. */
  of(series: Series): SdkSeries;
  /** The live series of a point; undefined if the series was dropped. */
  find(attributes: Attributes): SdkSeries | undefined;
  /** All live series. */
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
