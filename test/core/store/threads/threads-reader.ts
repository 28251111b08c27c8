/** The reading thread of `threads.test.ts`: walks until it is told to stop, and counts what cannot be. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { readExemplar, type StoredExemplar } from '../../../../src/core/store/cells/exemplar-cells.ts';
import type { Cursor, FamilyView, Row, Visitor } from '../../../../src/core/store/index.ts';
import { createRemoteView } from '../../../../src/core/store/threads/remote-view.ts';
import { ByteBuffer } from '../../../../src/formats/exposition/write/bytes/byte-buffer.ts';
import { LineParts } from '../../../../src/formats/exposition/write/lines/line-parts.ts';
import { textForm } from '../../../../src/formats/exposition/write/lines/text-form.ts';
import { legalNames } from '../../../../src/formats/exposition/write/name-rules.ts';
import { RowTemplates } from '../../../../src/formats/exposition/write/rows/row-templates.ts';
import { plainRowWriter } from '../../../../src/formats/exposition/write/rows/write-row.ts';
import { attributePairs } from '../../../../src/formats/otlp/index.ts';

export interface ReaderData {
  readonly store: MessagePort;
  /** First whether to stop, 0 or 1; then how many walks there were. */
  readonly shared: Int32Array;
}

export interface ReaderResult {
  readonly rows: number;
  readonly torn: Readonly<Record<string, number>>;
}

const { store, shared } = workerData as ReaderData;
const view = createRemoteView(store);
const torn: Record<string, number> = {};
let rows = 0;
/** Derived counts of histogram rows by row and generation: they never fall. */
const counts = new Map<string, number>();
/** What the rows of a replaced family have shown in this walk: one value for all. */
let flipped: number | undefined;
/** The same of a family whose rows leave together. */
let cleared: number | undefined;

function expect(what: string, holds: boolean): void {
  torn[what] = (torn[what] ?? 0) + (holds ? 0 : 1);
}

const templates = new Map<number, RowTemplates>();
const zero = new Float64Array(1);
const line = new ByteBuffer(256);

/** What the row's line says of the series' number; undefined when it has no such line, or has changed hands meanwhile. */
function lineKeyOf(family: FamilyView, row: Row, generation: number): number | undefined {
  line.length = 0;
  const own =
    templates.get(family.id) ??
    new RowTemplates(family, textForm(family, new LineParts([{ name: 'x' }]), plainRowWriter(family, 1), false), legalNames);
  templates.set(family.id, own);
  const isKnown = own.knows(family, row);
  const template = own.of(family, row, generation);
  if (template === undefined || (!isKnown && !own.fits(family, row, generation, template))) return undefined;
  if (template.write(line, family, row, generation, own.sourceOf(family), zero, 0) === 0) return undefined;
  return Number(/^x\{key="(\d+)"\} 0\n$/.exec(Buffer.from(line.bytes.subarray(0, line.length)).toString())?.[1]);
}

/** The series' number, or undefined when the row has changed hands meanwhile. */
function keyOf(family: FamilyView, row: Row, generation: number): number | undefined {
  const labels = family.labels(row);
  return family.generation(row) === generation ? Number(Object.fromEntries(attributePairs(labels)).key) : undefined;
}

/** As `threads.test.ts` writes them: one number in all its parts. */
function isWhole({ value, timeMs, traceId, spanId }: StoredExemplar): boolean {
  const word = value.toString(16).padStart(8, '0');
  return timeMs === value && traceId === word.repeat(4) && spanId === word.repeat(2);
}

const visitor: Visitor = {
  family: () => true,
  row(family, row, generation, cellAt) {
    rows++;
    const value = family.cells[cellAt] as number;
    if (family.spec.kind === 'histogram') {
      let count = 0;
      for (let bucket = 0; bucket < family.stride - 1; bucket++) count += family.cells[cellAt + bucket] as number;
      const key = `${family.id} ${row} ${generation}`;
      expect('a count fell', count >= (counts.get(key) ?? 0));
      counts.set(key, count);
      return;
    }
    if (family.spec.exemplars === true) {
      const exemplar = readExemplar(family.cells, cellAt + 1);
      if (exemplar !== undefined) expect('a mixed exemplar', isWhole(exemplar));
      return;
    }
    const key = keyOf(family, row, generation);
    if (family.spec.name === 'app.replaced') {
      expect('half a replacement', flipped === undefined || flipped === value);
      flipped = value;
      if (key !== undefined) expect('a row of another replacement', key === 0 || key === value);
    } else {
      if (family.spec.name === 'app.cleared') {
        expect('rows of before and after they were cleared', cleared === undefined || cleared === value);
        cleared = value;
      }
      if (key !== undefined) expect('the value of another series', key === value);
      const lineKey = lineKeyOf(family, row, generation);
      if (lineKey !== undefined) expect('a line of another series', lineKey === value);
    }
  },
};

while (Atomics.load(shared, 0) === 0) {
  flipped = undefined;
  cleared = undefined;
  let cursor: Cursor | undefined;
  do cursor = view.walk(visitor, cursor, 256);
  while (cursor !== undefined);
  if (Atomics.add(shared, 1, 1) === 0) parentPort?.postMessage('reading');
}
parentPort?.postMessage({ rows, torn } satisfies ReaderResult);
store.close();
