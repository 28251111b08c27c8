/**
 * What a reader has sent, row by row: the attribute bytes, copied once for as long as a row belongs to the same series. So it knows which
 * series of a receiver are gone. Each reader has its own; the store does not know it.
 */
import { attributeBytes } from '../../otlp/index.ts';
import { createArena } from '../../store/arena.ts';
import { resized } from '../../store/resized.ts';
import type { FamilyView, Row } from '../../store/store.ts';

/** A series that a receiver knows and the store does not have any more. */
export interface GoneSeries {
  readonly family: FamilyView;
  readonly attributes: Uint8Array;
  readonly startMs: number;
}

/** Where a row's attribute bytes are. */
export interface AttributePlace {
  attributes: Uint8Array;
  from: number;
  to: number;
}

export interface SentSeries {
  /** A push begins. */
  begin(): void;
  /** Names the family of the rows that follow. */
  family(family: FamilyView): void;
  /** A row is being sent: `place` gets its attribute bytes, good until the next call. */
  row(family: FamilyView, row: Row, generation: number, place: AttributePlace): void;
  /** All rows have been seen. Returns the series that the receiver must mark as gone, those of earlier failed pushes included. */
  gone(): Iterable<GoneSeries>;
  /** The push arrived, all of it. */
  delivered(): void;
}

/** 64 to 100 bytes each. Of rows beyond it (or beyond 1 GiB of attributes) nothing is kept: they are sent, and a receiver forgets them after its own time. */
const defaultLimit = 200_000;

interface Track {
  readonly family: FamilyView;
  /** Equal for families that are one stream to a receiver. */
  readonly stream: string;
  size: number;
  seen: number;
  /** 0: nothing is known of the row. */
  generations: Int32Array<ArrayBuffer>;
  at: Int32Array<ArrayBuffer>;
  lengths: Int32Array<ArrayBuffer>;
  /** Numbers of pushes: the first one that had the series, and the last. */
  first: Int32Array<ArrayBuffer>;
  last: Int32Array<ArrayBuffer>;
  starts: Float64Array<ArrayBuffer>;
}

export function createSentSeries(limit: number = defaultLimit): SentSeries {
  const tracks = new Map<number, Track>();
  let pool = createArena();
  let push = 0;
  let lastDelivered = 0;
  let tracked = 0;
  let current: Track | undefined;
  /** Waiting for a push that arrives. No more than what was delivered, so no longer outage makes it grow. */
  const pending = new Map<string, GoneSeries>();
  /** Within a push: what left, and what came. A series may do both, when it comes back under another row. */
  let left = new Map<string, GoneSeries>();
  let came = new Set<string>();

  function leave(track: Track, row: Row): void {
    const at = track.at[row] as number;
    const length = track.lengths[row] as number;
    if ((track.first[row] as number) <= lastDelivered) {
      const attributes = pool.bytes.slice(at, at + length);
      left.set(keyOf(track, attributes), { family: track.family, attributes, startMs: track.starts[row] as number });
    }
    pool.free(at, length);
    track.generations[row] = 0;
    track.size--;
    tracked--;
  }

  /** False: there is no room for it. */
  function take(track: Track, row: Row, generation: number, attributes: Uint8Array): boolean {
    const at = tracked < limit ? pool.put(attributes) : -1;
    if (at === -1) return false;
    if (row >= track.generations.length) grow(track, row);
    track.generations[row] = generation;
    track.at[row] = at;
    track.lengths[row] = attributes.length;
    track.first[row] = push;
    track.last[row] = push;
    track.starts[row] = track.family.start(row);
    track.size++;
    track.seen++;
    tracked++;
    return true;
  }

  /** Attributes of other lengths than those that came have left gaps. */
  function movePool(): void {
    const old = pool;
    pool = old.successor();
    for (const { generations, at, lengths } of tracks.values()) {
      for (let row = 1; row < generations.length; row++) {
        const from = at[row] as number;
        if (generations[row] !== 0) at[row] = pool.put(old.bytes, from, from + (lengths[row] as number));
      }
    }
  }

  return Object.freeze({
    begin() {
      push++;
      left = new Map();
      came = new Set();
      current = undefined;
      for (const track of tracks.values()) track.seen = 0;
      if (pool.isWasteful(tracked)) movePool();
    },
    family(family: FamilyView) {
      current = tracks.get(family.id);
      if (current !== undefined) return;
      current = createTrack(family);
      tracks.set(family.id, current);
    },
    row(family: FamilyView, row: Row, generation: number, place: AttributePlace) {
      const track = current as Track;
      if (track.generations[row] !== generation) {
        if ((track.generations[row] ?? 0) !== 0) leave(track, row);
        const attributes = attributeBytes(family.labels(row));
        // Before the first delivery nothing can be missed, so nothing has to be compared.
        if (lastDelivered > 0) came.add(keyOf(track, attributes));
        if (!take(track, row, generation, attributes)) {
          place.attributes = attributes;
          place.from = 0;
          place.to = attributes.length;
          return;
        }
      } else if (track.last[row] !== push) {
        track.last[row] = push;
        track.seen++;
      }
      place.attributes = pool.bytes;
      place.from = track.at[row] as number;
      place.to = place.from + (track.lengths[row] as number);
    },
    gone() {
      for (const [id, track] of tracks) {
        if (track.seen !== track.size) {
          for (let row = 1; row < track.generations.length; row++) {
            if (track.generations[row] !== 0 && track.last[row] !== push) leave(track, row);
          }
        }
        if (track.size === 0) tracks.delete(id);
      }
      for (const [key, series] of left) pending.set(key, series);
      for (const key of came) pending.delete(key);
      return pending.values();
    },
    delivered() {
      lastDelivered = push;
      pending.clear();
    },
  });
}

const initialRows = 8;

function createTrack(family: FamilyView): Track {
  const { spec, source } = family;
  const resource = source.resource === undefined ? '' : Buffer.from(source.resource).toString('latin1');
  return {
    family,
    stream: JSON.stringify([resource, source.scope, spec.name, spec.kind, spec.unit]),
    size: 0,
    seen: 0,
    generations: new Int32Array(initialRows),
    at: new Int32Array(initialRows),
    lengths: new Int32Array(initialRows),
    first: new Int32Array(initialRows),
    last: new Int32Array(initialRows),
    starts: new Float64Array(initialRows),
  };
}

function grow(track: Track, row: Row): void {
  let capacity = track.generations.length;
  while (capacity <= row) capacity *= 2;
  for (const column of ['generations', 'at', 'lengths', 'first', 'last'] as const) {
    track[column] = resized(track[column], capacity);
  }
  track.starts = resized(track.starts, capacity);
}

function keyOf(track: Track, attributes: Uint8Array): string {
  return track.stream + Buffer.from(attributes.buffer, attributes.byteOffset, attributes.length).toString('latin1');
}
