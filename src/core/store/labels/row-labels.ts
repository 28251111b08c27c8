/**
 * The labels of rows in a family's arena: the values one after the other. A row with the family's labels, and strings only, keeps
 * its values alone. The offset of any other row is inverted, and the offset of its shape (`shapes.ts`) precedes its values.
 */

import type { EncodedLabels, LabelValue, NewLabels, RowLabels } from '../store.ts';
import type { Arena } from './arena.ts';
import { LabelReader, LabelWriter, valuesEnd } from './label-bytes.ts';
import { readShape, Shapes } from './shapes.ts';

export interface LabelStore {
  /** Those of the family. */
  readonly declared: readonly string[];
  readonly shapes: Shapes;
}

/** Of a shape's offset. */
const placeBytes = 4;

const writer = new LabelWriter();

export function createLabelStore(declared: readonly string[]): LabelStore {
  return { declared, shapes: new Shapes() };
}

/** Their offset; undefined: the arena is full. */
export function putLabels(store: LabelStore, arena: Arena, labels: NewLabels | EncodedLabels): number | undefined {
  return 'values' in labels ? putValues(store, arena, labels) : putEncoded(store, arena, labels);
}

function putValues(store: LabelStore, arena: Arena, { names = store.declared, values }: NewLabels): number | undefined {
  if (values.length !== names.length)
    throw new Error(`BUG: ${values.length} values for ${names.length} labels: ${names.join(', ')}`);
  const isDeclared = isSame(names, store.declared) && values.every((value) => typeof value === 'string');
  const shape = isDeclared ? 0 : store.shapes.take(arena, names, values);
  if (shape === -1) return undefined;
  begin(isDeclared, shape);
  for (const value of values) writer.value(value);
  return put(store, arena, isDeclared, shape, writer.bytes, writer.length);
}

function putEncoded(store: LabelStore, arena: Arena, { names, bytes, length }: EncodedLabels): number | undefined {
  if (isSame(names, store.declared)) return put(store, arena, true, 0, bytes, length);
  const shape = store.shapes.take(arena, names);
  if (shape === -1) return undefined;
  begin(false, shape);
  writer.copy(bytes, 0, length);
  return put(store, arena, false, shape, writer.bytes, writer.length);
}

function begin(isDeclared: boolean, shape: number): void {
  writer.length = 0;
  if (!isDeclared) for (let index = 0; index < placeBytes; index++) writer.byte(shape >>> (8 * index));
}

function put(
  { shapes }: LabelStore,
  arena: Arena,
  isDeclared: boolean,
  shape: number,
  bytes: Uint8Array,
  length: number,
): number | undefined {
  const at = arena.put(bytes, 0, length);
  if (at !== -1) return isDeclared ? at : ~at;
  if (!isDeclared) shapes.release(arena, shape);
  return undefined;
}

/** Whether these are the labels of a row. */
export function sameLabels(bytes: Uint8Array, at: number, declared: readonly string[], labels: EncodedLabels): boolean {
  if (at >= 0) return isSame(labels.names, declared) && isAt(bytes, at, labels);
  const { names, strings } = readShape(bytes, shapeOf(bytes, at));
  return isSame(labels.names, names) && strings.every(Boolean) && isAt(bytes, valuesAt(at), labels);
}

function isAt(bytes: Uint8Array, at: number, labels: EncodedLabels): boolean {
  for (let index = 0; index < labels.length; index++) if (bytes[at + index] !== labels.bytes[index]) return false;
  return true;
}

/** Frees their bytes. */
export function freeLabels({ declared, shapes }: LabelStore, arena: Arena, at: number): void {
  const from = placeOf(at);
  arena.free(from, labelsLength(arena.bytes, at, declared));
  if (at < 0) shapes.release(arena, shapeAt(arena.bytes, from));
}

/** Moves the labels of rows to another arena, and gives each its new offset. */
export function moveLabels({ declared, shapes }: LabelStore, from: Uint8Array, to: Arena): (at: number) => number {
  const shapeNow = shapes.move(from, to);
  return (at) => {
    const moved = to.put(from, placeOf(at), labelsEnd(from, at, declared));
    if (at >= 0) return moved;
    const shape = shapeNow(shapeAt(from, ~at));
    for (let index = 0; index < placeBytes; index++) to.bytes[moved + index] = shape >>> (8 * index);
    return ~moved;
  };
}

export function readLabels(bytes: Uint8Array, at: number, declared: readonly string[]): RowLabels {
  if (at >= 0) {
    const reader = new LabelReader(bytes, at);
    return { names: declared, values: declared.map(() => reader.string()) };
  }
  const { names, strings } = readShape(bytes, shapeOf(bytes, at));
  const reader = new LabelReader(bytes, valuesAt(at));
  return { names, values: strings.map((isString): LabelValue => (isString ? reader.string() : reader.raw())) };
}

function isSame(names: readonly string[], declared: readonly string[]): boolean {
  return names === declared || (names.length === declared.length && names.every((name, at) => name === declared[at]));
}

/** How many bytes the labels of a row take. */
export function labelsLength(bytes: Uint8Array, at: number, declared: readonly string[]): number {
  return labelsEnd(bytes, at, declared) - placeOf(at);
}

function placeOf(at: number): number {
  return at < 0 ? ~at : at;
}

function labelsEnd(bytes: Uint8Array, at: number, declared: readonly string[]): number {
  return valuesEnd(bytes, valuesAt(at), at < 0 ? readShape(bytes, shapeOf(bytes, at)).names.length : declared.length);
}

/** The offset of the shape of the row whose labels are at the inverted offset `at`. */
export function shapeOf(bytes: Uint8Array, at: number): number {
  return shapeAt(bytes, ~at);
}

/** Where the values are of a row whose labels are at `at`, whatever its shape. */
export function valuesAt(at: number): number {
  return at < 0 ? ~at + placeBytes : at;
}

function shapeAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}
