/** Where the OpenTelemetry SDK is wrong, and the store engine is right not to follow it. A closed list. */
import { isDeepStrictEqual } from 'node:util';
import { blankRow, type FamilySpec, layoutOf, mergeExponential, readExponential } from '../../src/core/store/index.ts';
import type { AttributesIn } from './case.ts';
import type { Difference } from './difference.ts';
import type { SeriesDump } from './dump.ts';
import { asLabels, canonical, type Story, saidLast } from './story.ts';

export interface Exception {
  readonly id: string;
  /**
   * It concerns metrics of the contract too; all others only instruments outside it, because *admit* stands ahead of both
   * engines.
   */
  readonly ofContract?: boolean;
  /** What the SDK does. */
  readonly gap: string;
  /** What says that it is wrong. */
  readonly norm: string;
  explains(difference: Difference, story: Story): boolean;
}

export const exceptions: readonly Exception[] = [
  {
    id: 'callers-object-kept',
    gap: 'sdk-metrics 3.1 keeps the attributes of the first measurement by reference, so that a later change of the object renames the series.',
    norm: 'Metrics SDK, "Synchronous instrument cardinality limits": every measurement is reflected in the aggregator of the correct attribute set.',
    explains: ({ reference, tested, series }, { measured }) => {
      const changed = measured.filter(({ thenChanged }) => thenChanged).map(({ attributes }) => canonical(attributes));
      if (reference === undefined) return changed.includes(series.attributes);
      return tested === undefined && changed.length > 0 && series.attributes.includes('["changed",true]');
    },
  },
  {
    id: 'ghosts-of-observables',
    gap: 'sdk-metrics 3.1 shows every set of attributes that an observable ever had.',
    norm: 'Metrics SDK, "Observations inside asynchronous callbacks": no data for a set of attributes that was not observed during a successful callback.',
    explains: ({ reference, tested, series }, story) => {
      if (!story.observable || reference === undefined) return false;
      if (tested === undefined) return story.detached || saidLast(story, series.attributes).length === 0;
      // One that comes back is a new one.
      return reference.start < tested.start && reference.cells[0] === tested.cells[0];
    },
  },
  {
    id: 'failed-callbacks',
    gap: 'sdk-metrics 3.1 shows what a callback said before it began to fail for ever, and of several callbacks of an instrument those that do not fail.',
    norm: 'The same section speaks of successful callbacks only. Values that nobody vouches for any more are served for 60 s, and all callbacks of an instrument together say what there is of it.',
    explains: ({ reference, tested }, { observable, failed, values }) =>
      observable && failed && reference !== undefined && (tested === undefined || values.includes(tested.cells[0])),
  },
  {
    id: 'start-of-observables',
    gap: 'sdk-metrics 3.1 lets a series of an observable begin at the collection that finds it.',
    norm: 'Metrics SDK, "Start timestamps": asynchronous instruments use the collection before, or when the instrument was created if there was none.',
    explains: ({ reference, tested }, { observable }) =>
      observable &&
      reference !== undefined &&
      tested !== undefined &&
      tested.start < reference.start &&
      isDeepStrictEqual({ ...tested, start: reference.start }, reference),
  },
  {
    id: 'observables-added-up',
    gap: 'sdk-metrics 3.1 adds the differences of an observable up, with a rounding error each time.',
    norm: 'Metrics API, "Asynchronous Counter": the callback reports the absolute value of the counter.',
    explains: ({ reference, tested, series }, story) => {
      if (!story.observable || reference === undefined || tested === undefined) return false;
      // 0 and -0 add up to 0.
      const isZero = reference.cells[0] === 0 && Object.is(tested.cells[0], -0);
      return isZero || tested.cells[0] === saidLast(story, series.attributes).at(-1);
    },
  },
  {
    id: 'attributes-of-no-type',
    gap: 'sdk-metrics 3.1 throws at attributes that are null or have a bigint or a getter that throws, takes a text apart, and tells sets apart by members that have no value.',
    norm: 'Metrics API, "Add", "Record": attributes are optional; Error handling, "Basic error handling principles": API methods must not throw.',
    explains: (_difference, { attributes }) => attributes.some(isOutsideTheApi),
  },
  {
    id: 'spellings-of-one-series',
    gap: 'sdk-metrics 3.1 keeps sets that differ only in the type of a value, or in an empty one, apart: it does not say which of two gauges was set last, and still shows one that is no longer observed.',
    norm: 'Prometheus, "Data model": values of labels are text, and an empty label is none, so both are one series.',
    explains: ({ series }, { observable, attributes }) =>
      (observable || series.kind === 'gauge') && isSpelledTwice(series, attributes),
  },
  {
    id: 'limit-of-one-cycle',
    gap: 'sdk-metrics 3.1 counts the sets of an instrument since its last collection only, and lets one less pass than the limit.',
    norm: 'Metrics SDK, "Overflow attribute": none overflows up to the limit; "Synchronous instrument cardinality limits": sets that come after the overflow began are in the one overflow point.',
    explains: (_difference, { floods }) => floods.reduce((sets, { from, to }) => sets + to - from, 0) >= 2_000 - 1,
  },
  {
    id: 'streams-in-conflict',
    gap: 'sdk-metrics 3.1 collects instruments of one name, unit and kind that differ in being observable or in their type of number as two streams that nothing tells apart; one takes the place of the other.',
    norm: 'Metrics SDK, "Duplicate instrument registration": the duplicate is functional, and its data is exported.',
    explains: (_difference, { instruments }) =>
      new Set(instruments.map(({ create, integer }) => `${create} ${integer}`)).size > 1,
  },
  {
    id: 'scale-lost-to-zeros',
    ofContract: true,
    gap: 'sdk-metrics 3.1 says scale 0 of an exponential histogram of nothing but zeros, and keeps an empty bucket 0 for it: once that was collected, later values share a scale at which they and that bucket fit.',
    norm: 'Metrics SDK, "Maintain the ideal scale": the scale is adjusted to the best resolution at which the range of the values fits.',
    explains: ({ reference, tested }) => {
      if (reference?.exponential === undefined || tested === undefined) return false;
      const { exponential } = reference;
      const [there, here] = [reference, tested].map(({ cells }) => readExponential(Float64Array.from(cells), 0, exponential));
      if (there === undefined || here === undefined || here.zeroCount === 0 || there.scale >= here.scale) return false;
      const coarser = { ...exponential, maxScale: there.scale };
      if (JSON.stringify(reference.exemplars) !== JSON.stringify(tested.exemplars)) return false;
      // Nothing but the scale differs: ours, brought down to theirs, is theirs.
      const blank = blankRow(layoutOf({ ...familyOf(tested), exponential: coarser }));
      mergeExponential(blank, 0, coarser, here);
      const last = tested.minMax ? -2 : tested.cells.length;
      return String([...blank.subarray(0, last), ...tested.cells.slice(last)]) === String(reference.cells);
    },
  },
];

function isSpelledTwice(series: SeriesDump, attributes: readonly AttributesIn[]): boolean {
  const own = attributes.find((one) => canonical(one) === series.attributes);
  return own !== undefined && attributes.some((one) => canonical(one) !== series.attributes && asLabels(one) === asLabels(own));
}

/** Text, null, a getter that throws; or values that the API has no type for. */
export function isOutsideTheApi(attributes: AttributesIn): boolean {
  if (typeof attributes === 'string') return attributes !== 'none';
  return attributes.some(([, value]) => typeof value === 'object' && 'odd' in value && value.odd !== 'NaN');
}

function familyOf({ instrument: name, unit, minMax }: SeriesDump): FamilySpec {
  return { name, kind: 'histogram', unit, help: '', labels: [], minMax, maxAgeMs: 0 };
}
