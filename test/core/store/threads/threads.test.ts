import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { MessageChannel, Worker } from 'node:worker_threads';
import { writeExemplar } from '../../../../src/core/store/cells/exemplar-cells.ts';
import { createStore, type Family, type FamilySpec, type Row } from '../../../../src/core/store/index.ts';
import { repeated } from '../../../full.ts';
import { labelsOf } from '../labels.ts';
import type { ReaderData, ReaderResult } from './threads-reader.ts';

/** 10⁸ for a run of some minutes. */
const writes = Number(process.env.STORE_STRESS_WRITES ?? repeated(500_000, 2_000_000, 2_000_000));

/** The first is over before anything is written; what begins after it meets the writer. */
const walksAtLeast = 10;

const gauge: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: ['key'], maxAgeMs: 60_000 };
const labels = (key: number) => labelsOf({ key: `${key}` });
/**
 * Of another length each time, and every third of another shape, which comes and goes with few rows: the room that one leaves
 * fits none that follows, so that what is in use is moved now and then.
 */
const longLabels = (key: number) => {
  const padded = `${key}`.padStart((key * 7_919) % 4_500, '0');
  return labelsOf(key % 3 === 0 ? { key: padded, [`name ${key % 97}`]: key } : { key: padded });
};

const words = Array.from({ length: 1_025 }, (_, value) => value.toString(16).padStart(8, '0'));

function put(family: Family, key: number, value = key): Row {
  return family.row(labels(key), 0, value);
}

/** Writes what a reader can tell from a torn read, and says how many cells it wrote. */
function createWriter() {
  const store = createStore();
  const source = store.source({ scope: { name: 'test' } });
  const histogram = source.family({ ...gauge, name: 'app.recorded', kind: 'histogram', bounds: [1, 2, 3, 4, 5, 6, 7] }, true);
  const churned = source.family({ ...gauge, name: 'app.churned' }, true);
  const replaced = source.family({ ...gauge, name: 'app.replaced' }, false);
  const marked = source.family({ ...gauge, name: 'app.marked', kind: 'counter', exemplars: true }, true);
  const markedAt = put(marked, 0) * marked.stride + 1;
  const cleared = source.family({ ...gauge, name: 'app.cleared' }, true);
  const recorded = Array.from({ length: 8 }, (_, key) => put(histogram, key, 0));
  const live = Array.from({ length: 64 }, (_, key) => put(churned, key + 1));
  const moved = source.family({ ...gauge, name: 'app.moved' }, true);
  const lengthy = Array.from({ length: 64 }, (_, key) => moved.row(longLabels(key + 1), 0, key + 1));
  let moves = 0;
  const kept: Row[] = [];
  let series = live.length;
  let last = 0;
  let growing = grow();

  /** A family whose rows become many, in a source that is closed then. */
  function grow() {
    const own = store.source({ scope: { name: 'growing' } });
    return { own, family: own.family({ ...gauge, name: 'app.growing' }, true) };
  }

  function record(step: number): number {
    const at = (recorded[step & 7] as Row) * histogram.stride;
    const bucket = at + ((step >>> 3) & 7);
    histogram.cells[bucket] = (histogram.cells[bucket] as number) + 1;
    const sum = at + histogram.stride - 1;
    histogram.cells[sum] = (histogram.cells[sum] as number) + 1;
    return 2;
  }

  /** An exemplar that has one number in all its parts. */
  function mark(step: number): number {
    const value = (step & 1_023) + 1;
    const word = words[value] as string;
    writeExemplar(marked.cells, markedAt, value, value, word.repeat(4), word.repeat(2));
    return 9;
  }

  function churn(step: number): number {
    const index = (step * 7) & 63;
    churned.drop(live[index] as Row);
    series++;
    live[index] = put(churned, series);
    const before = moved.labelBytes;
    moved.drop(lengthy[index] as Row);
    if (moved.labelBytes !== before) moves++;
    lengthy[index] = moved.row(longLabels(series), 0, series);
    if (growing.family.size === 3_000) {
      growing.own.close();
      growing = grow();
    }
    put(growing.family, series);
    return 3;
  }

  function replace(): number {
    last++;
    source.replace([replaced], () => {
      for (const row of kept) replaced.keep(row);
      while (kept.length < 8) kept.push(put(replaced, 0));
      for (const row of kept) replaced.cells[row] = last;
      for (let row = 0; row < 8; row++) put(replaced, last);
    });
    cleared.clear();
    for (let row = 0; row < 20; row++) put(cleared, last);
    return 36;
  }

  return {
    store,
    /** How often the texts of the series that are in use were moved. */
    moves: () => moves,
    step: (step: number) =>
      record(step) + (step % 4 === 0 ? mark(step) : 0) + (step % 8 === 0 ? churn(step) : 0) + (step % 128 === 0 ? replace() : 0),
  };
}

test(`a reader in another thread sees no torn row in ${writes} writes`, { timeout: 1_800_000 }, async (t) => {
  const { store, moves, step } = createWriter();
  const { port1, port2 } = new MessageChannel();
  const unshare = store.share(port1);
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const workerData: ReaderData = { store: port2, shared };
  const reader = new Worker(new URL('./threads-reader.ts', import.meta.url), { workerData, transferList: [port2] });
  t.after(async () => {
    unshare();
    port1.close();
    await reader.terminate();
  });
  await once(reader, 'message');
  // On a single core the reader may not have had its turn by then.
  for (let steps = 0, written = 0; written < writes || Atomics.load(shared, 1) < walksAtLeast; steps++) written += step(steps);
  Atomics.store(shared, 0, 1);
  const [result] = (await once(reader, 'message')) as [ReaderResult];
  assert.deepEqual(
    Object.entries(result.torn).filter(([, count]) => count > 0),
    [],
  );
  assert.ok(moves() > writes / 20_000, `texts were moved ${moves()} times`);
  assert.deepEqual(Object.keys(result.torn).sort(), [
    'a count fell',
    'a line of another series',
    'a mixed exemplar',
    'a row of another replacement',
    'half a replacement',
    'rows of before and after they were cleared',
    'the value of another series',
  ]);
  if (process.env.STORE_STRESS_WRITES !== undefined) console.log({ walks: Atomics.load(shared, 1), moves: moves(), ...result });
});
