/**
 * Series that are received over OTLP: batches in, rows of a store out. Two passes go over a batch. The first finds whose points
 * they are and holds them to limits; the second makes rows and writes values.
 */
import { type Batch, readBatch } from '../../formats/otlp/batch/batch.ts';
import { metricAt, resourceAt } from '../../formats/otlp/batch/batch-index.ts';
import { noLimits } from '../../formats/otlp/batch/batch-limits.ts';
import { stringIn } from '../../formats/otlp/wire/read-message.ts';
import type { TellReceived } from './events.ts';
import { Applied } from './kept/applied.ts';
import { createRestoring, type Restoring } from './kept/restoring.ts';
import type { StatePart } from './kept/state-part.ts';
import { statesIn } from './kept/write-states.ts';
import { Memory, type ReceivedMemory, type Room, unlimited } from './memory.ts';
import { createSeriesNames, type SeriesNames, type SeriesNamesOptions } from './names/index.ts';
import { createPointRefusals, limitsByReason, type RefusedPoints } from './point-refusals.ts';
import { createGroups } from './resources/groups.ts';
import { rangeOf } from './resources/node-key.ts';
import { ResourceTree } from './resources/resource-tree.ts';
import { SilentSeries } from './silent/silent-series.ts';
import { SilentTotals } from './silent/silent-totals.ts';
import { createExpiry } from './streams/expiry.ts';
import { Joined } from './streams/joined.ts';
import { LookUp, type ReceivedLimits } from './streams/look-up.ts';
import { forgetSilent } from './streams/no-recorded-value.ts';
import { PointWriter } from './streams/point-writer.ts';
import { ReceivedSeries } from './streams/received-series.ts';
import { RowOwners } from './streams/row-owners.ts';
import { StreamTable, streamWord } from './streams/stream-table.ts';
import { writeAll } from './streams/write-all.ts';
import { createReceivedTally, type ReceivedTally } from './tally.ts';

export interface ReceivedOptions extends SeriesNamesOptions {
  /** Default: a million series, 200,000 a resource. */
  readonly limits?: Partial<ReceivedLimits>;
  /** How long a series is kept after a point of it was last accepted, in milliseconds. Infinity: forever. */
  readonly expireAfterMs: number;
  /** Milliseconds that only go forward. Default: `performance.now`. */
  readonly clock?: () => number;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly wallClock?: () => number;
  /** Default: events are dropped. */
  readonly tell?: TellReceived;
  /** How many bytes more it may hold; called once a batch. Default: no limit. */
  readonly room?: () => Room;
  /** The limit of which these bytes are a part, for messages. */
  readonly maxMemory?: number;
}

export interface Received {
  /** Accepts a batch. Points that its rules ignore, or that are not exposed, count as accepted: their sender can do nothing. */
  take(batch: Batch): RefusedPoints | undefined;
  /**
   * Checks some more streams, and drops those that were not sent for `expireAfterMs`. True: all were checked since it last
   * returned true. `streams`: how many it checks, default all. Costs nothing while none can have expired.
   */
  expire(streams?: number): boolean;
  /** Whether `expire` would look at streams, because some may have expired. */
  mayExpire(): boolean;
  /**
   * What there is, in parts, each as of the time when it was yielded: batches may be taken in between, but nothing is to expire.
   * Undefined: the part is not ready.
   * @param mostPoints of a part; default: as many as take some milliseconds
   */
  states(mostPoints?: number): Generator<StatePart | undefined>;
  readonly restoring: Restoring;
  /** Streams there are: what `limits` count. */
  readonly streams: number;
  /** Series that are shown. */
  readonly series: number;
  /** Series of deltas that expired: they are shown no more, and go on with their next delta. */
  readonly silent: number;
  /** Series of a resource, by its `Resource` message; 0: it has none. */
  seriesOf(resource: Uint8Array): number;
  /** Live: what it holds of what senders sent, in constant time. */
  readonly held: ReceivedMemory;
  /** Live. */
  readonly names: Pick<SeriesNames, 'families' | 'conflicts'>;
  readonly owners: RowOwners;
  /** Live: it goes on counting. */
  readonly tally: Readonly<ReceivedTally>;
}

const mib = 2 ** 20;
/**
 * Of the memory there may be, what series that are shown no more take at most: where processes come and go, most of these never
 * come back, and a service would fill its memory with them.
 */
const silentShare = 1 / 8;
export const defaultReceivedLimits: ReceivedLimits = Object.freeze({
  series: 1_000_000,
  seriesPerResource: 200_000,
  resources: 100_000,
  labelBytes: 128 * mib,
  labelBytesPerResource: 32 * mib,
});

export function createReceived(options: ReceivedOptions): Received {
  const {
    limits,
    maxMemory = Number.POSITIVE_INFINITY,
    expireAfterMs,
    clock = () => performance.now(),
    wallClock = Date.now,
    tell = () => {},
    room = () => unlimited,
  } = options;
  const most = Object.freeze({ ...defaultReceivedLimits, ...limits });
  const tally = createReceivedTally();
  const names = createSeriesNames(options);
  const streams = new StreamTable();
  const held: ReceivedMemory = {
    get heap() {
      return names.heap + groups.heap + tree.heap + joined.heap + options.source.held.heap;
    },
    get buffers() {
      return (
        groups.buffers + tree.bytes + streams.bytes + series.bytes + joined.buffers + totals.bytes + options.source.held.buffers
      );
    },
  };
  const memory = new Memory(held, room, () => totals.dropOldest());
  const groups = createGroups(names, memory.full);
  const tree = new ResourceTree({ names, groups, most: most.resources, full: memory.full });
  const series = new ReceivedSeries(groups);
  const joined = new Joined({ series, full: memory.full });
  const totals = new SilentTotals({
    mostBytes: maxMemory * silentShare,
    full: memory.full,
    forgot: (...about) => refusals.forgotten(...about),
  });
  const owners = new RowOwners();
  const limitsHeld = limitsByReason(most, maxMemory);
  const refusals = createPointRefusals({ tally, limits: limitsHeld, tell, bytesOf: (resource) => tree.bytesOf(resource) });
  const lookUp = new LookUp({
    streams,
    tree,
    memory,
    limits: most,
    unshown: refusals.unshown,
    ended: (batch, point, metric) => forgetSilent(writer, batch, point, metric),
    refuse: refusals.limit,
    refuseAll: (reason, points, { bytes, index }, r, m) =>
      refusals.limitAll(reason, points, () => ({
        name: stringIn(bytes, index[m + metricAt.nameFrom] as number, index[m + metricAt.nameTo] as number),
        resource: rangeOf(bytes, index, r + resourceAt.from),
      })),
  });
  const applied = new Applied((hidden) => series.unplace(hidden));
  const writer = new PointWriter({
    streams,
    series,
    joined,
    silent: new SilentSeries(totals, series),
    tree,
    owners,
    tally,
    applied,
    tell,
    refuse: refusals.limit,
    refuseDelta: refusals.delta,
    drop: refusals.dropped,
  });
  const expiry = createExpiry({
    streams,
    tally,
    expireAfterMs,
    remove: (stream) => remove(stream, true),
    seenWith: (stream) => joined.seenWith(streams.word(stream, streamWord.series), stream),
  });

  function remove(stream: number, expired = false): void {
    const metric = tree.numbered(streams.word(stream, streamWord.metric));
    const written = streams.word(stream, streamWord.series);
    if (written !== 0) writer.links.part(stream, written, expired ? metric : undefined);
    lookUp.leave(stream, metric);
    streams.remove(stream);
    if (metric.streams === 0) tree.release(metric);
  }

  /** Streams that got no series, for their first point was no value, and what was made above them. */
  function prune(): void {
    for (const stream of lookUp.made) if (streams.word(stream, streamWord.series) === 0) remove(stream);
    tree.prune();
  }

  /** With its streams at hand. */
  function lookedUp<T>(part: StatePart, work: (request: Batch) => T): T {
    const request = readBatch(part.request, noLimits);
    refusals.begin();
    memory.begin();
    lookUp.read(request, clock());
    memory.make();
    const done = work(request);
    prune();
    return done;
  }

  const { restoring, letGo } = createRestoring({
    names,
    streams,
    series,
    totals,
    applied,
    lookUp,
    writer,
    most: most.series,
    lookedUp,
    remove,
  });

  return Object.freeze<Received>({
    take(batch) {
      const now = clock();
      refusals.begin();
      memory.begin();
      lookUp.read(batch, now);
      memory.make();
      writer.arrive(wallClock());
      writeAll(batch, lookUp, writer, now);
      prune();
      return refusals.end();
    },
    expire(count = Number.POSITIVE_INFINITY) {
      const before = tally.expired;
      if (expiry.isDue(clock())) memory.begin();
      const done = expiry.go(clock(), count);
      letGo();
      if (tally.expired > before) refusals.gone();
      return done;
    },
    mayExpire: () => expiry.isDue(clock()),
    states: (mostPoints) => statesIn({ streams, series, joined, totals, tree }, mostPoints),
    restoring,
    get streams() {
      return streams.size;
    },
    get series() {
      return series.size;
    },
    get silent() {
      return totals.size;
    },
    seriesOf: (resource) => tree.known(resource)?.streams ?? 0,
    held,
    names,
    owners,
    tally,
  });
}
