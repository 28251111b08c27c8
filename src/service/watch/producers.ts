/**
 * Who sends: counted where receivers hand on, a few additions a batch and resource. Bounded: those that were silent the longest
 * are forgotten.
 */
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { resourceAt } from '../../formats/otlp/batch/batch-index.ts';
import { metricsOf, pointsIn, scopesOf } from '../../formats/otlp/batch/walk.ts';
import { sameBytes } from '../../formats/otlp/wire/same-bytes.ts';
import type { Meters } from '../../status/flow/meters.ts';
import type { Consume } from '../component.ts';
import { newestTimeOf } from './newest-time.ts';
import { createProducer, keyOf, type Producer } from './producer.ts';

/** Producers that are known at most. */
export const mostProducers = 2_000;
/** New ones a second at most: a flood of resources costs no more than so many. */
const mostNew = 2_000;
/** Points of one whose times are looked at in a second: a request that holds old and new ones comes in parts. */
const mostLooked = 10_000;
/** Parts of a batch whose resources are compared. */
const mostCompared = 100;
/** How much the newest gap counts in the mean one. */
const newest = 0.2;

export interface Producers {
  readonly known: ReadonlyMap<string, Producer>;
  readonly forgotten: number;
  /** Bytes that they hold, about. */
  readonly bytes: number;
  /** Counts what a receiver hands on. */
  counted(receiver: string, next: Consume): Consume;
  /**
   * Whose batch it is: the only resource in it. Undefined: it is not known, e.g. because a processor has changed the resource.
   */
  of(batch: Batch): Producer | 'several' | undefined;
}

/** What one takes beside its message. */
const producerBytes = 1_500;

export function createProducers(meters: Meters, clock: () => number): Producers {
  const known = new Map<string, Producer>();
  let forgotten = 0;
  let bytes = 0;
  let newLeft = mostNew;
  meters.eachSecond(() => {
    newLeft = mostNew;
  });

  function forget(): void {
    const oldest = [...known.values()].sort((one, other) => one.lastSeen - other.lastSeen).slice(0, mostProducers / 4);
    for (const producer of oldest) {
      known.delete(producer.key);
      producer.known = false;
      meters.remove(producer.meter);
      bytes -= producerBytes + (producer.bytes?.length ?? 0);
    }
    forgotten += oldest.length;
  }

  const find = (batch: Batch, r: number) => known.get(keyAt(batch, r));

  function whose(batch: Batch): Producer | 'several' | undefined {
    let one: string | undefined;
    let compared = 0;
    for (let r = 0; r < batch.length; r = batch.index[r + resourceAt.end] as number) {
      if (compared++ >= mostCompared) return undefined;
      const key = keyAt(batch, r);
      if (one !== undefined && key !== one) return 'several';
      one = key;
    }
    return one === undefined ? undefined : known.get(one);
  }

  function add(batch: Batch, r: number): Producer | undefined {
    if (newLeft === 0) {
      forgotten++;
      return undefined;
    }
    newLeft--;
    if (known.size >= mostProducers) forget();
    const [from, to] = [batch.index[r + resourceAt.from] as number, batch.index[r + resourceAt.to] as number];
    const message = batch.bytes.subarray(from, to);
    const producer = createProducer(keyOf(batch.bytes, from, to), message, meters.ticks.at, meters.meter);
    bytes += producerBytes + (producer.bytes?.length ?? 0);
    known.set(producer.key, producer);
    return producer;
  }

  function counted(receiver: string, next: Consume): Consume {
    let last: Producer | undefined;

    function count(batch: Batch, r: number, points: number): void {
      const expected = last?.next ?? last;
      const producer = expected?.known === true && isOf(expected, batch, r) ? expected : (find(batch, r) ?? add(batch, r));
      if (producer === undefined) return;
      if (last !== undefined) last.next = producer;
      last = producer;
      producer.points += points;
      const { at } = meters.ticks;
      // Its gap is looked at once a second, its clock at some of the points that come within one.
      if (producer.lastSeen !== at || producer.receivers.size === 0) seen(producer, receiver, at);
      if (producer.looked < mostLooked) look(producer, batch, r, clock());
    }

    return (batch) => {
      const { length, index, points } = batch;
      if (length > 0) {
        if (index[resourceAt.end] === length) count(batch, 0, points);
        else for (let r = 0; r < length; r = index[r + resourceAt.end] as number) count(batch, r, pointsOf(batch, r));
      }
      return next(batch);
    };
  }

  return Object.freeze({
    known,
    get forgotten() {
      return forgotten;
    },
    get bytes() {
      return bytes;
    },
    counted,
    of: whose,
  });
}

function keyAt({ bytes, index }: Batch, r: number): string {
  return keyOf(bytes, index[r + resourceAt.from] as number, index[r + resourceAt.to] as number);
}

function isOf({ bytes, view }: Producer, batch: Batch, r: number): boolean {
  const from = batch.index[r + resourceAt.from] as number;
  const length = (batch.index[r + resourceAt.to] as number) - from;
  return bytes !== undefined && bytes.length === length && sameBytes(view, 0, batch.view, from, length);
}

function seen(producer: Producer, receiver: string, at: number): void {
  const gap = at - producer.lastSeen;
  if (gap > 0) producer.gap = producer.gap === 0 ? gap : producer.gap * (1 - newest) + gap * newest;
  producer.lastSeen = at;
  producer.receivers.add(receiver);
  producer.looked = 0;
  producer.skew = undefined;
}

/** Its newest point of this second decides. */
function look(producer: Producer, batch: Batch, r: number, now: number): void {
  const { time, looked } = newestTimeOf(batch, r, mostLooked - producer.looked);
  producer.looked += looked;
  if (time !== 0) producer.skew = Math.max(producer.skew ?? Number.NEGATIVE_INFINITY, time - now);
}

function pointsOf(batch: Batch, r: number): number {
  let points = 0;
  for (const s of scopesOf(batch, r)) for (const m of metricsOf(batch, s)) points += pointsIn(batch, m);
  return points;
}
