/** The differential test is worth something: it takes an engine to be itself, and finds one fault among many right answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sdkEngine } from '../../src/sdk.ts';
import { repeated, sampleOf } from '../full.ts';
import { brokenEngines } from './broken-engine.ts';
import { findDifference } from './run-cases.ts';

const reference = sdkEngine();

test('an engine cannot be told from itself', async () => {
  const found = await findDifference({ reference, tested: reference }, { cases: repeated(25, 100, 200) });
  assert.deepEqual(found, undefined);
});

for (const tested of sampleOf(brokenEngines, 2)) {
  test(`found, and made small: ${tested.name}`, async () => {
    // How long it takes to meet a fault is chance: with this seed each is met within 500 cases.
    const found = await findDifference({ reference, tested }, { cases: 2_000, seed: 6 });
    assert.ok(found !== undefined, 'not found');
    assert.ok(found.case.commands.length <= 6, JSON.stringify(found.case.commands));
  });
}
