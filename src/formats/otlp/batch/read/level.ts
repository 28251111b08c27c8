/**
 * A message that has points in it, while it is read: a request, a resource, a scope, a metric or its data. One object is used for
 * all messages of a level.
 */

import { notCanonical } from '../../wire/varint.ts';
import { attributes } from './attributes.ts';
import type { PointKind } from './point.ts';
import { kindOf } from './point-kinds.ts';
import type { Reading } from './reading.ts';

/** The indexes of the levels in `Reading.levels`. */
export const depths = { request: 0, resource: 1, scope: 2, metric: 3, data: 4 } as const;

export class Level {
  /** What is read next, and the message's end. */
  at = 0;
  to = 0;
  /** A `Resource` or an `InstrumentationScope` was there. */
  hasOwner = false;
  /** Nothing was rejected before it. */
  wasFine = false;
  /** Of data: what its points are. */
  kind: PointKind = kindOf(0);
  type = 0;
  private readonly reading: Reading;
  private record = 0;
  private pointsBefore = 0;
  /** Something of its own is wrong, so all its points are rejected. */
  private refused = false;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  /** A message that has a record of this size. */
  open(size: number, from: number, to: number): void {
    const { reading } = this;
    reading.room(size);
    reading.parts = 0;
    this.at = from;
    this.to = to;
    this.hasOwner = false;
    this.wasFine = reading.why === undefined;
    this.record = reading.length;
    this.pointsBefore = reading.points;
    this.refused = reading.wasRefused();
    reading.index.fill(0, this.record, this.record + size);
    reading.length += size;
  }

  get(column: number): number {
    return this.reading.index[this.record + column] as number;
  }

  set(column: number, value: number): void {
    this.reading.index[this.record + column] = value;
  }

  range(column: number, from: number, to: number): void {
    this.set(column, from);
    this.set(column + 1, to);
  }

  string(column: number, from: number, to: number, what: string): void {
    this.range(column, from, to);
    this.reading.text(from, to, what);
    this.checked();
  }

  /** All that follow one another; the offset after them. `notCanonical` also where others came before. */
  attributes(column: number, from: number, to: number, tag: number): number {
    if (this.get(column + 1) !== 0) return notCanonical;
    const at = attributes(this.reading, from, to, tag);
    this.range(column, from, at);
    this.checked();
    return at;
  }

  /** Writes where its last child ends, or takes it away with all of them. */
  close(column: number): void {
    const { reading } = this;
    if (this.refused) {
      reading.rejected += reading.points - this.pointsBefore;
      reading.points = this.pointsBefore;
      reading.length = this.record;
    } else this.set(column, reading.length);
  }

  private checked(): void {
    if (this.reading.wasRefused()) this.refused = true;
  }
}

/** A request while it is read, with its messages that are open. */
export class Levels {
  readonly reading: Reading;
  readonly all: readonly [request: Level, resource: Level, scope: Level, metric: Level, data: Level];
  /** Of the innermost one; -1 at the end. */
  depth: number = depths.request;

  constructor(reading: Reading) {
    this.reading = reading;
    this.all = [new Level(reading), new Level(reading), new Level(reading), new Level(reading), new Level(reading)];
    this.all[depths.request].to = reading.bytes.length;
  }
}
