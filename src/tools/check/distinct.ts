/** The distinct values of a label: the first ones as they are, and a number for all, in bounded memory. */
import { createDistinctCounter, type DistinctCounter } from '../../core/tables/hyper-log-log.ts';
import { detached } from '../../formats/exposition/parse/detached.ts';
import { hashed, hashSeries } from '../../formats/exposition/parse/fingerprints.ts';
import { mostValues, type ObservedLabel } from './observed.ts';

/** Of all labels of a source. Beyond, values are counted and not kept. */
const mostKeptValues = 500_000;

/** What all labels of a source share. */
export interface Room {
  /** So many more values are kept. */
  left: number;
}

export function createRoom(): Room {
  return { left: mostKeptValues };
}

interface Distinct {
  add(value: string): void;
  readonly values: ReadonlySet<string>;
  /** Exact as long as all values are kept, and an estimate beyond. */
  readonly distinct: number;
}

function createDistinct(room: Room): Distinct {
  const values = new Set<string>();
  /** Once no more values are kept. */
  let counter: DistinctCounter | undefined;
  return {
    add(value) {
      if (counter === undefined) {
        if (values.has(value)) return;
        if (values.size < mostValues && room.left > 0) {
          room.left--;
          values.add(detached(value));
          return;
        }
        counter = createDistinctCounter();
        for (const early of values) count(counter, early);
      }
      count(counter, value);
    },
    values,
    get distinct() {
      return counter === undefined ? values.size : Math.max(values.size + 1, counter.estimate());
    },
  };
}

function count(counter: DistinctCounter, value: string): void {
  // As a name: an empty value would be no label.
  hashSeries([[value, 'value']], undefined);
  counter.add(hashed.all1, hashed.all2);
}

export interface LabelTally {
  series: number;
  readonly distinct: Distinct;
}

export function createLabelTally(room: Room): LabelTally {
  return { series: 0, distinct: createDistinct(room) };
}

export function countLabel(tally: LabelTally, value: string): void {
  tally.series++;
  tally.distinct.add(value);
}

export function observedLabels(tallies: ReadonlyMap<string, LabelTally>): ReadonlyMap<string, ObservedLabel> {
  return new Map(
    [...tallies].map(([name, { series, distinct }]) => [
      name,
      Object.freeze({ series, values: distinct.values, distinct: distinct.distinct }),
    ]),
  );
}
