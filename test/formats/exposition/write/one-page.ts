/**
 * A process that renders pages of about 64 MiB, compressed too, and says what the largest took. Arguments: what is on the page,
 * the format.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createStore, type FamilySpec } from '../../../../src/core/store/index.ts';
import { createRenderer, type Rendering, type TextFormat } from '../../../../src/formats/exposition/index.ts';
import { compress } from '../../../../src/net/pull/gzip.ts';

const mib = 2 ** 20;
const maxBytes = 64 * mib;
const pageBytes = 0.95 * maxBytes;

const store = createStore();
const source = store.source({ scope: { name: '' } });
const base: FamilySpec = { name: 'x', kind: 'gauge', unit: '', help: 'X.', labels: ['a'], maxAgeMs: Number.POSITIVE_INFINITY };
const family = (spec: Partial<FamilySpec>) => source.family({ ...base, ...spec }, true);
const text = (length: number) => randomBytes(length).toString('base64').slice(0, length);
/** `add` returns how many bytes it adds, about. */
function fill(add: (at: number) => number): void {
  for (let at = 0, bytes = 0; bytes < pageBytes; at++) bytes += add(at);
}

/** Series of one family whose labels do not compress. */
function values(labels: number, length: number): void {
  const made = family({ labels: Array.from({ length: labels }, (_, label) => `a${label}`) });
  fill((at) => {
    made.row({ values: Array.from({ length: labels }, () => text(length)) }, 0, at);
    return 10 + labels * (length + 6);
  });
}

/** Each a family of one histogram with bounds of its own. */
function histograms(name: (at: number) => string, buckets: number): void {
  fill((at) => {
    const bounds = Array.from({ length: buckets - 1 }, (_, bound) => at / 1_000 + bound * 1.37);
    family({ kind: 'histogram', name: name(at), bounds }).row({ values: ['x'] }, 0, 0);
    return (buckets + 2) * (name(at).length + 32);
  });
}

const fills: Readonly<Record<string, () => void>> = {
  'short labels': () => values(1, 100),
  'labels of 200 bytes': () => values(1, 200),
  'labels of 60,000 bytes': () => values(120, 60_000),
  'names of 60,000 bytes': () => histograms((at) => `n${at}`.padEnd(60_000, 'x'), 10),
  '1,000 buckets': () => histograms((at) => `h${at}`, 1_000),
};

const kilobytes = (key: string) =>
  Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

async function main([what = '', format]: readonly string[]): Promise<void> {
  fills[what]?.();
  // The young generation is as large as it gets.
  const garbage: unknown[] = [];
  for (let n = 0; n < 3e6; n++) garbage[n % 300_000] = { n };
  garbage.length = 0;
  globalThis.gc?.();
  const renderer = createRenderer(store.view);
  let most = 0;
  for (let n = 0; n < 3; n++) {
    const before = kilobytes('VmRSS');
    writeFileSync('/proc/self/clear_refs', '5');
    const { body, release } = (await renderer.render(format as TextFormat, { maxBytes })) as Rendering;
    if (body.length < pageBytes / 2) throw new Error(`the page has ${body.length} bytes`);
    await compress(body);
    most = Math.max(most, (kilobytes('VmHWM') - before) * 1_024);
    release();
  }
  console.log(most);
}

await main(process.argv.slice(2));
