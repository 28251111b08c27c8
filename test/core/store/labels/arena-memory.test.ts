/**
 * What buffers take while texts of ever other lengths come and go: no more than what is in use, whatever V8 collects, and when.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { createStore, type FamilySpec, type Row } from '../../../../src/core/store/index.ts';
import { createRemoteView } from '../../../../src/core/store/threads/remote-view.ts';
import { StreamTable } from '../../../../src/service/received/streams/stream-table.ts';

const gauge: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: ['key'], maxAgeMs: 60_000 };
const series = 200;
const steps = Number(process.env.METERBRIDGE_CASES ?? 60_000);
/** Of one thread; and where another one reads, with buffers that wait until it has seen that they were replaced. */
const margin = 4 * 1024 * 1024;
const sharedMargin = 40 * 1024 * 1024;

const textOf = (key: number): string => `${key}`.padStart(200 + ((key * 7_919) % 3_600), '0');

/** Replaces one text of `series` at each step, and returns the bytes of all buffers at most, and of all texts at most. */
function churn(take: (key: number) => void, drop: (key: number) => void, step: (at: number) => void = () => {}) {
  const lengths: number[] = [];
  let text = 0;
  let [mostText, mostBuffers] = [0, 0];
  const before = process.memoryUsage().arrayBuffers;
  for (let key = 0; key < steps; key++) {
    if (key >= series) {
      drop(key - series);
      text -= lengths[key - series] as number;
    }
    take(key);
    lengths.push(textOf(key).length);
    text += lengths[key] as number;
    mostText = Math.max(mostText, text);
    step(key);
    if (key % 64 === 0) mostBuffers = Math.max(mostBuffers, process.memoryUsage().arrayBuffers - before);
  }
  return { mostText, mostBuffers };
}

function assertBounded({ mostText, mostBuffers }: ReturnType<typeof churn>, more = margin): void {
  assert.ok(mostBuffers < 3 * mostText + more, `${mostBuffers} bytes of buffers for ${mostText} of text`);
}

function createFamily() {
  const store = createStore();
  const family = store.source({ scope: { name: 'test' } }).family(gauge, true);
  const rows: Row[] = [];
  return {
    store,
    family,
    take: (key: number) => void rows.push(family.row({ values: [textOf(key)] }, 0, key)),
    drop: (key: number) => family.drop(rows[key] as Row),
  };
}

test('what texts took is given back when they go', () => {
  const { take, drop } = createFamily();
  const before = process.memoryUsage().arrayBuffers;
  for (let key = 0; key < 5_000; key++) take(key);
  const most = process.memoryUsage().arrayBuffers - before;
  for (let key = 0; key < 5_000; key++) drop(key);
  const after = process.memoryUsage().arrayBuffers - before;
  assert.ok(most > 10_000_000 && after < 1_000_000, `${most} bytes for texts, ${after} for none`);
});

test('the labels of rows', () => {
  const { take, drop } = createFamily();
  assertBounded(churn(take, drop));
});

test('the labels of rows that another thread reads', (t) => {
  const { store, family, take, drop } = createFamily();
  take(0);
  const { port1, port2 } = new MessageChannel();
  const unshare = store.share(port1);
  const remote = createRemoteView(port2);
  t.after(() => {
    unshare();
    port2.close();
  });
  drop(0);
  const seen = new Map<Row, string>();
  let moves = 0;
  let bytes: Uint8Array | undefined;
  const visitor = {
    family: () => true,
    row: (remoteFamily: typeof family, row: Row, _generation: number, cellAt: number) => {
      const [text] = remoteFamily.labels(row).values;
      seen.set(row, `${text}`);
      assert.equal(text, textOf(remoteFamily.cells[cellAt] as number));
    },
  };
  const bounded = churn(
    (key) => take(key + 1),
    (key) => drop(key + 1),
    (at) => {
      if (family.labelBytes !== bytes) moves++;
      bytes = family.labelBytes;
      if (at % 256 === 0) remote.walk(visitor as never);
    },
  );
  assertBounded(bounded, sharedMargin);
  assert.ok(moves > steps / 2_000, `texts were moved ${moves} times`);
  assert.ok(seen.size >= series);
});

test('a reader in another thread that takes no message keeps what it may look at', (t) => {
  const { store, take, drop } = createFamily();
  take(0);
  const { port1, port2 } = new MessageChannel();
  const unshare = store.share(port1);
  t.after(() => {
    unshare();
    port2.close();
  });
  const remote = createRemoteView(port2);
  const texts: string[] = [];
  let hold: (() => void) | undefined;
  remote.walk({
    family: () => true,
    row: (family, row) => {
      // Half-way through the row: its bytes are there, and have not been read.
      const { labelBytes } = family;
      const at = family.labelsAt(row);
      hold = () => texts.push(Buffer.from(labelBytes.subarray(at + 2, at + 202)).toString());
    },
  });
  for (let key = 1; key < 3_000; key++) {
    take(key);
    if (key > 100) drop(key - 100);
  }
  hold?.();
  assert.deepEqual(texts, [textOf(0)]);
});

test('the attributes of received series', () => {
  const table = new StreamTable();
  const streams: number[] = [];
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(4_096);
  const bounded = churn(
    (key) => {
      const { written } = encoder.encodeInto(textOf(key), bytes);
      streams.push(table.add(key, 1, bytes, 0, written, 0));
    },
    (key) => table.remove(streams[key] as number),
  );
  assertBounded(bounded);
});
