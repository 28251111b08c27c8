/**
 * Shapes of a family's rows: the sequence of their attribute names, and for each whether its value is a string. Rows that have
 * the family's labels, and strings only, have none. The others refer to theirs, which the family's arena holds once: a reader in
 * another thread finds it with the row.
 */

import type { LabelValue } from '../store.ts';
import type { Arena } from './arena.ts';
import { LabelReader, LabelWriter } from './label-bytes.ts';

interface Shape {
  readonly key: string;
  at: number;
  readonly length: number;
  /** How many have it: without any it leaves. */
  rows: number;
}

/** Names of a shape at most: what is read while another thread writes may claim any number. */
const mostNames = 65_535;

const writer = new LabelWriter();

/** What one takes of the heap, beside its key. */
const shapeHeapBytes = 300;

export class Shapes {
  /** Bytes of the heap that they take. */
  heap = 0;
  private readonly byKey = new Map<string, Shape>();
  private byPlace = new Map<number, Shape>();

  /**
   * The offset of the shape of these names and values, counted for one row more; -1: the arena is full. @param values absent: all
   * are strings
   */
  take(arena: Arena, names: readonly string[], values?: readonly LabelValue[]): number {
    if (names.length > mostNames) return -1;
    writer.length = 0;
    writer.size(names.length);
    for (const [at, name] of names.entries()) {
      writer.string(name);
      writer.byte(values === undefined || typeof values[at] === 'string' ? 1 : 0);
    }
    const { bytes, length } = writer;
    const key = Buffer.from(bytes.buffer, 0, length).toString('latin1');
    const shape = this.byKey.get(key) ?? this.add(key, arena.put(bytes, 0, length), length);
    if (shape === undefined) return -1;
    shape.rows++;
    return shape.at;
  }

  /** A row less has it. */
  release(arena: Arena, at: number): void {
    const shape = this.byPlace.get(at) as Shape;
    shape.rows--;
    if (shape.rows > 0) return;
    arena.free(at, shape.length);
    this.byPlace.delete(at);
    this.byKey.delete(shape.key);
    this.heap -= shapeHeapBytes + shape.length;
  }

  /** Moves all to another arena, and returns the new offset of each that was at `at`. */
  move(from: Uint8Array, to: Arena): (at: number) => number {
    const before = this.byPlace;
    this.byPlace = new Map();
    for (const shape of before.values()) {
      shape.at = to.put(from, shape.at, shape.at + shape.length);
      this.byPlace.set(shape.at, shape);
    }
    return (at) => (before.get(at) as Shape).at;
  }

  private add(key: string, at: number, length: number): Shape | undefined {
    if (at === -1) return undefined;
    const shape = { key, at, length, rows: 0 };
    this.byKey.set(key, shape);
    this.byPlace.set(at, shape);
    this.heap += shapeHeapBytes + length;
    return shape;
  }
}

export interface ShapeNames {
  readonly names: readonly string[];
  /** Of each: whether its value is a string. */
  readonly strings: readonly boolean[];
}

export function readShape(bytes: Uint8Array, at: number): ShapeNames {
  const reader = new LabelReader(bytes, at);
  const count = Math.min(reader.size(), mostNames);
  const names: string[] = [];
  const strings: boolean[] = [];
  while (names.length < count && !reader.done) {
    names.push(reader.string());
    strings.push(reader.byte() === 1);
  }
  return { names, strings };
}
