/** Keys that prom-client's constructors and OpenTelemetry's instruments have, in a declaration. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogram } from '../../../src/core/contract/index.ts';

for (const [key, value, word] of [
  ['buckets', [1], 'bounds'],
  ['labelNames', ['route'], 'labels'],
  ['name', 'a', 'series'],
  ['description', 'A.', 'help'],
] as const)
  test(`${key} of another library is an error with the word to write`, () => {
    const declaration = { help: 'A.', unit: 's', [key]: value };
    assert.throws(() => histogram(declaration), {
      code: 'CONTRACT_INVALID',
      message: new RegExp(`^histogram\\(\\)\\.${key}: .* Fix: write ${word}\\b`),
    });
  });
