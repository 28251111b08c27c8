/**
 * Renders 100,000 gauge lines with Meterbridge and with `@prometheus-io/client`, in turn in one run, and prints the ratio.
 * `node bench/render.ts [lines]`
 */
import { Gauge, Registry } from '@prometheus-io/client';
import { createStore } from '../src/core/store/index.ts';
import { createRenderer } from '../src/formats/exposition/index.ts';

const lines = Number(process.argv[2] ?? 100_000);
const rounds = 9;
const methods = ['GET', 'PUT', 'POST', 'DELETE'];
const workloads: readonly (readonly [string, (index: number) => number])[] = [
  ['integers', (index) => index * 37],
  ['three decimals', (index) => (index * 37) / 1000],
  ['full doubles', (index) => index / 7 + 0.1],
];

function labelsOf(index: number): { method: string; path: string } {
  return { method: methods[index % methods.length] as string, path: `/api/items/${index}` };
}

function ours(value: (index: number) => number): () => Promise<number> {
  const store = createStore();
  const spec = {
    name: 'bench.requests',
    kind: 'gauge',
    unit: '',
    help: 'Requests.',
    labels: ['method', 'path'],
    maxAgeMs: 60_000,
  } as const;
  const family = store.source({ scope: { name: 'bench' } }).family(spec, true);
  for (let index = 0; index < lines; index++) {
    const row = family.row({ values: Object.values(labelsOf(index)) }, 0);
    family.cells[row] = value(index);
  }
  const renderer = createRenderer(store.view);
  return async () => {
    const rendering = await renderer.render('text');
    return rendering.tooLarge === true ? 0 : rendering.body.length;
  };
}

function theirs(value: (index: number) => number): () => Promise<number> {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'bench_requests', help: 'Requests.', labelNames: ['method', 'path'], registers: [registry] });
  for (let index = 0; index < lines; index++) gauge.set(labelsOf(index), value(index));
  return async () => Buffer.byteLength(await registry.metrics());
}

async function time(render: () => Promise<number>): Promise<number> {
  const from = performance.now();
  await render();
  return performance.now() - from;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] as number;
}

for (const [name, value] of workloads) {
  const a = ours(value);
  const b = theirs(value);
  const first = await time(a);
  const same = (await a()) === (await b()) ? '' : ' (the bodies differ in length)';
  const timesA: number[] = [];
  const timesB: number[] = [];
  for (let round = 0; round < rounds; round++) {
    timesA.push(await time(a));
    timesB.push(await time(b));
  }
  const [msA, msB] = [median(timesA), median(timesB)];
  const perLine = ((msA * 1e6) / lines).toFixed(0);
  const figures = `meterbridge ${msA.toFixed(1)} ms (${perLine} ns a line, first ${first.toFixed(0)} ms), @prometheus-io/client ${msB.toFixed(1)} ms`;
  console.log(`${lines} gauge lines, ${name}: ${figures}, ratio ${(msB / msA).toFixed(1)}${same}`);
}
