/** The values of a store at one moment, in two parts: what its rows are, which seldom changes, and their numbers. */
import { kinds } from '../../../core/naming/kind.ts';
import { layoutOf } from '../../../core/store/cells/row-layout.ts';
import { isShown } from '../../../core/store/freshness.ts';
import type { FamilySpec, FamilyView, LabelValue, Scope, View, Visitor } from '../../../core/store/store.ts';

/**
 * A `SnapshotFamily[]` as JSON, and for each of its rows a start in milliseconds (negative: the value was not 0 then) and the
 * cells of its value.
 */
export interface Snapshot {
  readonly schema: Buffer;
  readonly values: Float64Array;
}

export interface SnapshotFamily {
  readonly scope: Scope;
  readonly spec: Omit<FamilySpec, 'maxAgeMs' | 'exemplars' | 'timestamps'>;
  /** Its rows' names and values. */
  readonly rows: readonly (readonly [readonly string[], readonly LabelValue[]])[];
}

/**
 * Returns a function that reads the store. While its rows are the same, the schema is the same object; the values are those of
 * the last call alone.
 */
export function createSnapshots(view: View, clock: () => number): () => Snapshot {
  let key = '';
  let schema: Buffer = Buffer.from('[]');
  let values = new Float64Array(256);

  return () => {
    let read = '';
    let length = 0;
    const now = clock();
    walk(view, now, {
      family(family) {
        // While no row was taken and none has left, its rows are the same.
        read += `${family.id} ${family.taken} ${family.size},`;
        const most = length + family.size * (1 + family.rowLayout.valueCells);
        if (most > values.length) values = grown(values, most);
        if (family.size < family.used - firstRow) return true;
        length = copyAll(family, values, length);
        return false;
      },
      row(family, row, at) {
        length = copyRow(family, row, at, values, length);
      },
    });
    if (read !== key) schema = schemaOf(view, now);
    key = read;
    return { schema, values: values.subarray(0, length) };
  };
}

function schemaOf(view: View, now: number): Buffer {
  const families: { scope: Scope; spec: object; rows: unknown[] }[] = [];
  walk(view, now, {
    family({ source, spec: { maxAgeMs, exemplars, timestamps, ...spec } }) {
      families.push({ scope: source.scope, spec, rows: [] });
      return true;
    },
    row(family, row) {
      const { names, values } = family.labels(row);
      families.at(-1)?.rows.push([names, values.map(toJson)]);
    },
  });
  return Buffer.from(JSON.stringify(families));
}

export function readSchema(schema: Buffer): readonly SnapshotFamily[] {
  const families: SnapshotFamily[] = JSON.parse(schema.toString());
  return families.map(({ rows, ...family }) => ({
    ...family,
    rows: rows.map(([names, values]) => [names, values.map(fromJson)]),
  }));
}

/** How many values a schema has. Throws where it is none. */
export function countValues(schema: Buffer): number {
  let count = 0;
  for (const { scope, spec, rows } of readSchema(schema)) {
    if (typeof scope.name !== 'string' || !isSpec(spec) || !rows.every(isRow)) throw new TypeError('it is no schema');
    count += rows.length * (1 + layoutOf(spec).valueCells);
  }
  return count;
}

/** What decides how many cells a row has, and how it is called. */
function isSpec({ name, unit, help, kind, labels, bounds = [], quantiles = [], exponential }: SnapshotFamily['spec']): boolean {
  const areTexts = [name, unit, help, ...labels].every((text) => typeof text === 'string');
  const areNumbers = [...bounds, ...quantiles].every((bound) => typeof bound === 'number');
  const { maxSize = 0, maxScale = 0 } = exponential ?? {};
  return (
    areTexts &&
    areNumbers &&
    kinds.includes(kind) &&
    maxSize <= mostBuckets &&
    Number.isInteger(maxSize) &&
    Number.isInteger(maxScale)
  );
}

/** Of an exponential histogram: many times what a contract takes. */
const mostBuckets = 16_384;

/** `readSchema` has read the values. */
function isRow([names, values]: SnapshotFamily['rows'][number]): boolean {
  return names.length === values.length && names.every((name) => typeof name === 'string');
}

/** Row 0 is the sink. */
const firstRow = 1;

/** Of a family without a free row: a walk would call a function for each. */
function copyAll(family: FamilyView, values: Float64Array, at: number): number {
  const { stride, size } = family;
  let to = at;
  for (let row = firstRow; row < firstRow + size; row++) to = copyRow(family, row, row * stride, values, to);
  return to;
}

function copyRow(family: FamilyView, row: number, at: number, values: Float64Array, to: number): number {
  const { cells, rowLayout } = family;
  const { valueCells } = rowLayout;
  values[to] = family.zeroAt(row) || -family.start(row);
  for (let cell = 0; cell < valueCells; cell++) values[to + 1 + cell] = cells[at + cell] as number;
  return to + 1 + valueCells;
}

interface Reader {
  /** False: without its rows. */
  family(family: FamilyView): boolean;
  row(family: FamilyView, row: number, at: number): void;
}

function walk(view: View, now: number, reader: Reader): void {
  const visitor: Visitor = {
    family(family) {
      return isShown(family, now) && reader.family(family);
    },
    row: (family, row, _generation, at) => reader.row(family, row, at),
  };
  for (let cursor = view.walk(visitor); cursor !== undefined; ) cursor = view.walk(visitor, cursor);
}

/** A value that is no string: the bytes of its `AnyValue`. */
const toJson = (value: LabelValue) => (typeof value === 'string' ? value : [Buffer.from(value).toString('base64')]);
const fromJson = (value: unknown): LabelValue =>
  typeof value === 'string' ? value : Buffer.from((value as [string])[0], 'base64');

function grown(values: Float64Array<ArrayBuffer>, least: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(least, 2 * values.length));
  larger.set(values);
  return larger;
}
