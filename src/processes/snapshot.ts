/** The values of a store at one moment, in two parts: what its rows are, which seldom changes, and their numbers. */
import { isShown } from '../store/freshness.ts';
import type { FamilySpec, FamilyView, LabelValue, Scope, View, Visitor } from '../store/store.ts';

/** A `SnapshotFamily[]` as JSON, and for each of its rows a start in milliseconds and the cells of its value. */
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

/** Returns a function that reads the store. What it returned before stays as it was. */
export function createSnapshots(view: View, clock: () => number): () => Snapshot {
  let key = '';
  let schema: Buffer = Buffer.from('[]');
  let values = new Float64Array(256);

  return () => {
    let read = '';
    let length = 0;
    walk(view, clock(), {
      family(family) {
        // While no row was taken and none has left, its rows are the same.
        read += `${family.id} ${family.taken} ${family.size},`;
      },
      row(family, row, at) {
        const cells = family.rowLayout.valueCells;
        if (length + cells + 1 > values.length) values = grown(values, length + cells + 1);
        values[length++] = family.start(row);
        for (let cell = 0; cell < cells; cell++) values[length++] = family.cells[at + cell] as number;
      },
    });
    if (read !== key) schema = schemaOf(view, clock());
    key = read;
    return { schema, values: values.slice(0, length) };
  };
}

function schemaOf(view: View, now: number): Buffer {
  const families: { scope: Scope; spec: object; rows: unknown[] }[] = [];
  walk(view, now, {
    family({ source, spec: { maxAgeMs, exemplars, timestamps, ...spec } }) {
      families.push({ scope: source.scope, spec, rows: [] });
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
  return families.map(({ rows, ...family }) => ({ ...family, rows: rows.map(([names, values]) => [names, values.map(fromJson)]) }));
}

interface Reader {
  family(family: FamilyView): void;
  row(family: FamilyView, row: number, at: number): void;
}

function walk(view: View, now: number, reader: Reader): void {
  const visitor: Visitor = {
    family(family) {
      const shown = isShown(family, now);
      if (shown) reader.family(family);
      return shown;
    },
    row: (family, row, _generation, at) => reader.row(family, row, at),
  };
  for (let cursor = view.walk(visitor); cursor !== undefined; ) cursor = view.walk(visitor, cursor);
}

/** A value that is no string: the bytes of its `AnyValue`. */
const toJson = (value: LabelValue) => (typeof value === 'string' ? value : [Buffer.from(value).toString('base64')]);
const fromJson = (value: unknown): LabelValue => (typeof value === 'string' ? value : Buffer.from((value as [string])[0], 'base64'));

function grown(values: Float64Array<ArrayBuffer>, least: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(least, 2 * values.length));
  larger.set(values);
  return larger;
}
