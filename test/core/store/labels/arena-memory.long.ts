/** What texts of ever other lengths take of resident memory, at full size, with the heap limits of `serve` in `chain.long.ts`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { repeated } from '../../../full.ts';

const steps = repeated(400_000, 200_000, 400_000);
const meanBytes = 2_000;
/** V8's young generation alone would take 48 MiB more without the second. */
const flags = ['--max-old-space-size=512', '--max-semi-space-size=8'];

async function grown(kind: string, live: number): Promise<{ most: number; end: number }> {
  const file = fileURLToPath(new URL('arena-churn.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, file, kind, `${live}`, `${steps}`]);
  return JSON.parse(stdout);
}

const nothing = new Map<number, ReturnType<typeof grown>>();

for (const kind of ['labels', 'thread', 'received']) {
  for (const live of [200, 20_000]) {
    test(`${live} texts, ${steps} in all, take at most 64 MiB beyond three times what is in use: ${kind}`, async (t) => {
      if (!nothing.has(live)) nothing.set(live, grown('nothing', live));
      const [without, { most, end }] = [await nothing.get(live), await grown(kind, live)];
      assert.ok(without !== undefined);
      const text = (live * meanBytes) / 2 ** 20;
      const [peak, rest] = [most - without.most, end - without.end];
      t.diagnostic(`${text.toFixed(1)} MiB of text, ${peak.toFixed(1)} MiB at the peak, ${rest.toFixed(1)} in the end`);
      assert.ok(peak <= 3 * text + 64 && rest <= 3 * text + 64);
    });
  }
}
