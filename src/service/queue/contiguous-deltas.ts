/**
 * Deltas of a series that follow one another without a gap, added into the newest of them: its time span is that of all. Sums and
 * histograms with the same bounds; exponential histograms stay as they are. The exemplars are those of the newest.
 */
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { histogramAt, metricAt, metricType, numberAt, pointAt } from '../../formats/otlp/batch/batch-index.ts';
import { noRecordedValue } from '../../formats/otlp/wire/protobuf-tags.ts';

export interface ContiguousDeltas {
  /**
   * Notes a point of delta temporality, the next one of its series.
   * @returns the number of the point that it takes in; undefined: none
   */
  note(batch: Batch, m: number, p: number, series: string, at: Place): number | undefined;
  /** Bytes in which the newest points of a request have what was added; those given where there is nothing to change. */
  patched(request: number, bytes: Uint8Array): Uint8Array;
}

/** The numbers of a point and of the request that it is in. */
interface Place {
  readonly point: number;
  readonly request: number;
}

/** The numbers of a point, and where they are; each has eight bytes. */
interface Values {
  readonly startAt: number;
  readonly intsAt: readonly number[];
  readonly ints: readonly bigint[];
  readonly doublesAt: readonly number[];
  readonly doubles: readonly number[];
  /** What becomes of two doubles. */
  readonly both: readonly Both[];
}

type Both = (one: number, other: number) => number;
const add: Both = (one, other) => one + other;

interface Run extends Values, Place {
  readonly start: bigint;
  readonly end: bigint;
  /** More than one point. */
  readonly isAdded: boolean;
  /** Nothing is added to it: a receiver may refuse what overlaps it. */
  readonly isSealed: boolean;
}

export function createContiguousDeltas(): ContiguousDeltas {
  const runs = new Map<string, Run>();
  const ended: Run[] = [];
  let byRequest: Map<number, Run[]> | undefined;

  function begin(key: string, run: Run): void {
    const before = runs.get(key);
    if (before?.isAdded === true) ended.push(before);
    runs.set(key, run);
  }

  function group(): Map<number, Run[]> {
    const groups = new Map<number, Run[]>();
    for (const run of [...ended, ...runs.values()]) {
      if (!run.isAdded) continue;
      const group = groups.get(run.request);
      if (group === undefined) groups.set(run.request, [run]);
      else group.push(run);
    }
    return groups;
  }

  return Object.freeze({
    note(batch: Batch, m: number, p: number, series: string, place: Place) {
      const shape = shapeOf(batch, m, p);
      if (shape === undefined) return undefined;
      const key = `${series}|${shape}`;
      const { start, end } = spanOf(batch, p);
      const before = runs.get(key);
      const isSealed = end <= start || (before !== undefined && start < before.end);
      const run = { ...valuesOf(batch, m, p), start, end, ...place, isAdded: false, isSealed };
      const all = before === undefined || before.isSealed || before.end !== start || isSealed ? undefined : sumOf(before, run);
      if (before === undefined || all === undefined) {
        begin(key, run);
        return undefined;
      }
      runs.set(key, all);
      return before.point;
    },
    patched(request: number, bytes: Uint8Array) {
      byRequest ??= group();
      const patches = byRequest.get(request);
      if (patches === undefined) return bytes;
      const copy = bytes.slice();
      const view = new DataView(copy.buffer, copy.byteOffset, copy.byteLength);
      for (const { start, startAt, intsAt, ints, doublesAt, doubles } of patches) {
        view.setBigUint64(startAt, start, true);
        intsAt.forEach((at, number) => void view.setBigInt64(at, ints[number] as bigint, true));
        doublesAt.forEach((at, number) => void view.setFloat64(at, doubles[number] as number, true));
      }
      return copy;
    },
  });
}

/** Points of one shape can be added. Undefined: not this one. */
function shapeOf(batch: Batch, m: number, p: number): string | undefined {
  const { index, bytes } = batch;
  const type = index[m + metricAt.type];
  const isRecorded = ((index[p + pointAt.flags] as number) & noRecordedValue) === 0;
  if (!isRecorded || index[p + pointAt.start] === 0 || index[p + pointAt.time] === 0) return undefined;
  if (type === metricType.sum) return index[p + numberAt.isInt] === 1 ? 'int' : 'double';
  // Without a count there is no place for one.
  if (type !== metricType.histogram || index[p + histogramAt.count] === 0) return undefined;
  const [from, to] = [index[p + histogramAt.boundsFrom] as number, index[p + histogramAt.boundsTo] as number];
  const counts = (index[p + histogramAt.countsTo] as number) - (index[p + histogramAt.countsFrom] as number);
  const known = [histogramAt.sum, histogramAt.min, histogramAt.max]
    .map((column) => (index[p + column] === 0 ? '-' : '+'))
    .join('');
  return `${known}${counts}|${Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')}`;
}

function spanOf({ index, view }: Batch, p: number) {
  const at = (column: number) => view.getBigUint64(index[p + column] as number, true);
  return { start: at(pointAt.start), end: at(pointAt.time) };
}

function valuesOf(batch: Batch, m: number, p: number): Values {
  const { index, view } = batch;
  const column = (number: number) => index[p + number] as number;
  const { intsAt, doubles } = index[m + metricAt.type] === metricType.sum ? numberPlaces(batch, p) : histogramPlaces(batch, p);
  const present = doubles.filter(([at]) => at !== 0);
  return {
    startAt: column(pointAt.start),
    intsAt,
    ints: intsAt.map((at) => view.getBigInt64(at, true)),
    doublesAt: present.map(([at]) => at),
    doubles: present.map(([at]) => view.getFloat64(at, true)),
    both: present.map(([, both]) => both),
  };
}

interface Places {
  readonly intsAt: readonly number[];
  /** 0: absent. */
  readonly doubles: readonly (readonly [at: number, both: Both])[];
}

function numberPlaces({ index }: Batch, p: number): Places {
  const at = index[p + numberAt.value] as number;
  return index[p + numberAt.isInt] === 1 ? { intsAt: [at], doubles: [] } : { intsAt: [], doubles: [[at, add]] };
}

function histogramPlaces({ index }: Batch, p: number): Places {
  const column = (number: number) => index[p + number] as number;
  const intsAt = [column(histogramAt.count)];
  for (let at = column(histogramAt.countsFrom); at < column(histogramAt.countsTo); at += 8) intsAt.push(at);
  return {
    intsAt,
    doubles: [
      [column(histogramAt.sum), add],
      [column(histogramAt.min), Math.min],
      [column(histogramAt.max), Math.max],
    ],
  };
}

/** Undefined: a number is too large. */
function sumOf(before: Run, run: Run): Run | undefined {
  const ints = run.ints.map((value, at) => value + (before.ints[at] as bigint));
  if (ints.some((value) => BigInt.asIntN(64, value) !== value)) return undefined;
  const doubles = run.doubles.map((value, at) => (run.both[at] as Both)(before.doubles[at] as number, value));
  return { ...run, start: before.start, ints, doubles, isAdded: true };
}
