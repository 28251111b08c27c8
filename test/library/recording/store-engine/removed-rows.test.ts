import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, identity } from '../../../../src/core/contract/index.ts';
import { createStore, type FamilyView } from '../../../../src/core/store/index.ts';
import { registerContract } from '../../../../src/library/recording/index.ts';
import { createStoreEngine } from '../../../../src/library/recording/store-engine/store-engine.ts';

test('a removed identity is gone at the next walk, and its row and bytes are used again', () => {
  const declared = contract('m', { runs: counter({ help: 'Runs.', labels: { task: identity() } }) });
  const store = createStore();
  const engine = createStoreEngine(store, { clock: Date.now });
  const options = { store, engine, clock: Date.now, stopwatch: Date.now, onAdmit: () => {}, addGroup: () => () => {} };
  const runs = registerContract(declared, options).recorder.runs as {
    add(value: number, labels: object): void;
    remove(labels: object): void;
  };
  const rows = () => {
    const found: [number, number][] = [];
    let bytes = 0;
    const visitor = {
      family: (family: FamilyView) => {
        bytes = family.labelBytes.byteLength;
        return true;
      },
      row: (_family: FamilyView, row: number, _generation: number, cellAt: number) =>
        void found.push([row, _family.cells[cellAt] as number]),
    };
    store.view.walk(visitor);
    return { found, bytes };
  };
  runs.add(1, { task: 'first task' });
  runs.add(2, { task: 'other task' });
  const { bytes } = rows();
  for (let at = 0; at < 5_000; at++) {
    runs.remove({ task: at === 0 ? 'first task' : `task ${at + 9_999}` });
    assert.equal(rows().found.length, 1);
    runs.add(at, { task: `task ${at + 10_000}` });
  }
  assert.deepEqual(rows(), {
    found: [
      [1, 4_999],
      [2, 2],
    ],
    bytes,
  });
});
