/** The reading thread of `exponential.test.ts`: walks until it is told to stop, and counts what cannot be. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type Cursor, readExponential, type Visitor } from '../../../../src/core/store/index.ts';
import { createRemoteView } from '../../../../src/core/store/threads/remote-view.ts';

const { store, shared } = workerData as { readonly store: MessagePort; readonly shared: Int32Array };
const view = createRemoteView(store);
const found = { rows: 0, changing: 0, miscounted: 0, fallen: 0, misplaced: 0 };
let least = 0;

const visitor: Visitor = {
  family: () => true,
  row({ cells, rowLayout: { exponential } }, _row, _generation, cellAt) {
    if (exponential === undefined) return;
    const { count, scale, zeroCount, positive } = readExponential(cells, cellAt + exponential.at, exponential.shape);
    const counts = Array.from(positive.counts);
    found.rows++;
    if (Number.isNaN(scale)) found.changing++;
    else if (counts.reduce((sum, one) => sum + one, zeroCount) !== count) found.miscounted++;
    // The writer records 1 for half of all: the bucket that ends at 1 has half of them.
    else if (count > 0 && Math.abs((counts[-1 - positive.offset] ?? 0) - count / 2) > count / 4 + 8) found.misplaced++;
    if (count < least) found.fallen++;
    least = count;
  },
};

while (Atomics.load(shared, 0) === 0) {
  let cursor: Cursor | undefined;
  do cursor = view.walk(visitor, cursor);
  while (cursor !== undefined);
  if (Atomics.add(shared, 1, 1) === 0) parentPort?.postMessage('reading');
}
parentPort?.postMessage(found);
store.close();
