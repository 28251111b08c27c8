/** One rendering takes three times the largest page, compressed too: resident memory of a process of its own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { brief } from '../../../full.ts';

const program = join(import.meta.dirname, 'one-page.ts');
const maxBytes = 64 * 2 ** 20;

const times = 3;
/** Objects that V8 has not collected yet are not measured. */
const options = ['--expose-gc', '--max-old-space-size=512', '--max-semi-space-size=8'];

const pages = ['short labels', 'labels of 200 bytes', 'labels of 60,000 bytes', 'names of 60,000 bytes', '1,000 buckets'];
const formats = ['text', 'openmetrics'];

for (const [at, what] of pages.entries()) {
  for (const format of brief ? formats.slice(at % 2, (at % 2) + 1) : formats) {
    test(`${format}, ${what}: ${times} times`, { skip: process.platform !== 'linux' }, (t) => {
      const most = Number(execFileSync(process.execPath, [...options, program, what, format], { encoding: 'utf8' }));
      t.diagnostic(`${(most / maxBytes).toFixed(1)} times`);
      assert.ok(most > 0 && most <= times * maxBytes, `${(most / maxBytes).toFixed(2)} times`);
    });
  }
}
