/** Replaces texts of ever other lengths, and prints how far resident memory grew, at most and in the end, in MiB. */
import { setImmediate as turn } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { createStore, type FamilySpec, type Row } from '../../../../src/core/store/index.ts';
import { createRemoteView } from '../../../../src/core/store/threads/remote-view.ts';
import { StreamTable } from '../../../../src/service/received/streams/stream-table.ts';

const [kind = '', live = '', steps = ''] = process.argv.slice(2);
const gauge: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: ['key'], maxAgeMs: 60_000 };
const textOf = (key: number): string => `${key}`.padStart(200 + ((key * 7_919) % 3_600), '0');
const bytes = new Uint8Array(4_096);
const encoder = new TextEncoder();

interface Texts {
  take(key: number): number;
  drop(place: number): void;
}

function texts(): Texts {
  if (kind === 'nothing') return { take: (key) => encoder.encodeInto(textOf(key), bytes).written, drop() {} };
  if (kind === 'received') {
    const table = new StreamTable();
    return {
      take: (key) => table.add(key, 1, bytes, 0, encoder.encodeInto(textOf(key), bytes).written, 0),
      drop: (stream) => table.remove(stream),
    };
  }
  const store = createStore();
  const family = store.source({ scope: { name: 'test' } }).family(gauge, true);
  if (kind === 'thread') {
    const { port1, port2 } = new MessageChannel();
    store.share(port1);
    port1.unref();
    createRemoteView(port2);
    port2.unref();
  }
  return { take: (key) => family.row({ values: [textOf(key)] }, 0), drop: (row: Row) => family.drop(row) };
}

const mib = (size: number): number => size / 2 ** 20;
const { take, drop } = texts();
const before = process.memoryUsage.rss();
let most = before;
const places: number[] = [];
for (let key = 0; key < Number(steps); key++) {
  if (key >= Number(live)) drop(places[key - Number(live)] as number);
  places.push(take(key));
  if (key % 500 !== 0) continue;
  most = Math.max(most, process.memoryUsage.rss());
  await turn();
}
process.stdout.write(JSON.stringify({ most: mib(most - before), end: mib(process.memoryUsage.rss() - before) }));
process.exit();
