/**
 * Series that are received over OTLP: batches in, rows of a store out. Two passes go over a batch. The first finds whose points they are and holds them to
 * limits; the second makes rows and writes values.
 */
import { type Batch, readBatch } from '../otlp/batch/batch.ts';
import { metricAt, resourceAt } from '../otlp/batch/batch-index.ts';
import { noLimits } from '../otlp/batch/batch-limits.ts';
import { stringIn } from '../otlp/wire/read-message.ts';
import type { TellReceived } from './events.ts';
import { Applied } from './kept/applied.ts';
import { isLate, neverMade, seeLate } from './kept/late-streams.ts';
import { restorePoints } from './kept/restore-points.ts';
import type { StatePart } from './kept/state-part.ts';
import { statesIn } from './kept/write-states.ts';
import { Memory, type ReceivedMemory, type Room, unlimited } from './memory.ts';
import { createSeriesNames, type SeriesNames, type SeriesNamesOptions } from './names/index.ts';
import { createPointRefusals, limitsByReason, type RefusedPoints } from './point-refusals.ts';
import { createGroups } from './resources/groups.ts';
import { rangeOf } from './resources/node-key.ts';
import { ResourceTree } from './resources/resource-tree.ts';
import { createExpiry } from './streams/expiry.ts';
import { Joined } from './streams/joined.ts';
import { LookUp, type ReceivedLimits } from './streams/look-up.ts';
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
   * Checks some more streams, and drops those that were not sent for `expireAfterMs`. True: all were checked since it last returned true. `streams`: how many
   * it checks, default all. Costs nothing while none can have expired.
   */
  expire(streams?: number): boolean;
  /** Whether `expire` would look at streams, because some may have expired. */
  mayExpire(): boolean;
  /**
   * What there is, in parts, each as of the time when it was yielded: batches may be taken in between, but nothing is to expire. Undefined: the part is not ready.
   * @param mostPoints of a part; default: as many as take some milliseconds
   */
  states(mostPoints?: number): Generator<StatePart | undefined>;
  readonly restoring: Restoring;
  /** Streams there are: what `limits` count. */
  readonly streams: number;
  /** Series that are shown. */
  readonly series: number;
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

/** Goes on with what another process had: first the parts of its `states`, then the batches that it took since the first of them. */
export interface Restoring {
  /** So many series there are in the parts, about. */
  expects(series: number): void;
  /**
   * @param names whether the names of metrics are as they were
   * @param batch the number of the last batch that was taken when the part was yielded: that one, and those before it, change none of its series
   * @returns how many points do not fit, within the limits or beside others of their names
   */
  restore(part: StatePart, names: boolean, batch: number): number;
  /** The next batch is repeated, and has this number. */
  repeats(batch: number): void;
  /** Everything is as it was. */
  end(): void;
}

interface Late {
  readonly part: StatePart;
  /** The last one that was taken when it was yielded. */
  readonly batch: number;
}

const mib = 2 ** 20;
export const defaultReceivedLimits: ReceivedLimits = Object.freeze({
  series: 1_000_000,
  seriesPerResource: 200_000,
  resources: 100_000,
  labelBytes: 128 * mib,
  labelBytesPerResource: 32 * mib,
});

export function createReceived(options: ReceivedOptions): Received {
  const { limits, expireAfterMs, clock = () => performance.now(), wallClock = Date.now, tell = () => {}, room = () => unlimited } = options;
  const most = Object.freeze({ ...defaultReceivedLimits, ...limits });
  const tally = createReceivedTally();
  const names = createSeriesNames(options);
  const streams = new StreamTable();
  const held: ReceivedMemory = {
    get heap() {
      return names.heap + groups.heap + tree.heap + joined.heap + options.source.held.heap;
    },
    get buffers() {
      return groups.buffers + tree.bytes + streams.bytes + series.bytes + joined.buffers + options.source.held.buffers;
    },
  };
  const memory = new Memory(held, room);
  const groups = createGroups(names, memory.full);
  const tree = new ResourceTree({ names, groups, most: most.resources, full: memory.full });
  const series = new ReceivedSeries(groups);
  const joined = new Joined({ series, full: memory.full });
  const owners = new RowOwners();
  const limitsHeld = limitsByReason(most, options.maxMemory ?? Number.POSITIVE_INFINITY);
  const refusals = createPointRefusals({ tally, limits: limitsHeld, tell, bytesOf: (resource) => tree.bytesOf(resource) });
  const lookUp = new LookUp({
    streams,
    tree,
    memory,
    limits: most,
    unshown: refusals.unshown,
    refuse: refusals.limit,
    refuseAll: (reason, points, { bytes, index }, r, m) =>
      refusals.limitAll(reason, points, () => ({
        name: stringIn(bytes, index[m + metricAt.nameFrom] as number, index[m + metricAt.nameTo] as number),
        resource: rangeOf(bytes, index, r + resourceAt.from),
      })),
  });
  const applied = new Applied((hidden) => series.unplace(hidden));
  const holds: (() => void)[] = [];
  /** Parts of streams that batches make which are repeated. */
  const late: Late[] = [];
  /** The last batch that was taken when the last part was yielded. */
  let allParts = Number.POSITIVE_INFINITY;
  const writer = new PointWriter({
    streams,
    series,
    joined,
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
    remove,
    seenWith: (stream) => joined.seenWith(streams.word(stream, streamWord.series), stream),
  });

  function remove(stream: number): void {
    const metric = tree.numbered(streams.word(stream, streamWord.metric));
    const written = streams.word(stream, streamWord.series);
    if (written !== 0) writer.part(stream, written);
    lookUp.leave(stream, metric);
    streams.remove(stream);
    if (metric.streams === 0) tree.release(metric);
  }

  /** Streams that got no series, for their first point was no value, and what was made above them. */
  function prune(): void {
    for (const stream of lookUp.made) if (streams.word(stream, streamWord.series) === 0) remove(stream);
    tree.prune();
  }

  /** Metrics without a series when their part was taken have left with this. */
  function letGo(): void {
    for (const hold of holds.splice(0)) hold();
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

  const restoring: Restoring = {
    restore(part, named, batch) {
      allParts = batch;
      if (isLate(part)) {
        late.push({ part, batch });
        return 0;
      }
      if (named) holds.push(...part.names.map(names.hold));
      return lookedUp(part, (request) => restorePoints(request, part, lookUp, { writer, series, streams, applied, batch }));
    },
    expects(count) {
      const expected = Math.min(count, most.series);
      streams.reserve(expected);
      series.records.reserve(expected);
    },
    repeats(batch) {
      while (late.length > 0 && (late[0] as Late).batch < batch) {
        const { part } = late.shift() as Late;
        lookedUp(part, (request) => seeLate(request, part, lookUp, streams, applied));
      }
      if (batch > allParts) {
        allParts = Number.POSITIVE_INFINITY;
        for (const stream of neverMade(streams, applied)) remove(stream);
      }
      applied.repeats(batch);
    },
    end() {
      restoring.repeats(Number.MAX_VALUE);
      applied.end();
      letGo();
    },
  };

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
      const done = expiry.go(clock(), count);
      letGo();
      if (tally.expired > before) refusals.gone();
      return done;
    },
    mayExpire: () => expiry.isDue(clock()),
    states: (mostPoints) => statesIn({ streams, series, joined, tree }, mostPoints),
    restoring,
    get streams() {
      return streams.size;
    },
    get series() {
      return series.size;
    },
    seriesOf: (resource) => tree.known(resource)?.streams ?? 0,
    held,
    names,
    owners,
    tally,
  });
}
