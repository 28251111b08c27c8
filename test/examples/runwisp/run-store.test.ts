import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openRunStore } from '../../../examples/runwisp/run-store.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'runs-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test('totals by status; a missed slot is no failure and does not move its time', (t) => {
  const store = openRunStore(folder(t), 0);
  t.after(store.close);
  assert.deepEqual(store.totals(), { success: 0, failed: 0, missed: 0, lastFailureMs: undefined });
  store.end(store.begin('a', 'api', 10), 'success', 20);
  store.end(store.begin('a', 'schedule', 30), 'failed', 40);
  store.end(store.begin('web', 'service', 30), 'stopped', 90);
  store.begin('b', 'api', 50);
  store.missed('a', 70);
  assert.deepEqual(store.totals(), { success: 1, failed: 1, missed: 1, lastFailureMs: 40 });
});

test('totals survive a restart, and a run that a killed daemon left has failed', (t) => {
  const path = folder(t);
  const before = openRunStore(path, 0);
  before.end(before.begin('a', 'api', 10), 'success', 20);
  before.begin('a', 'api', 30);
  before.settle('a', [], 7);
  before.close();
  const after = openRunStore(path, 100);
  t.after(after.close);
  assert.deepEqual(after.totals(), { success: 1, failed: 1, missed: 0, lastFailureMs: 100 });
  assert.equal(after.lastSlot('a'), 7);
  assert.equal(after.lastSlot('b'), undefined);
});

test('retention by number and by age makes totals shrink, and never touches a running run', (t) => {
  const store = openRunStore(folder(t), 0);
  t.after(store.close);
  const running = store.begin('a', 'api', 1);
  for (const at of [10, 20, 30, 40]) store.end(store.begin('a', 'api', at), 'success', at);
  store.end(store.begin('b', 'api', 10), 'success', 10);
  store.retain('a', 2, 0);
  assert.equal(store.totals().success, 3);
  store.retain('a', 2, 35);
  assert.equal(store.totals().success, 2);
  store.end(running, 'failed', 50);
  assert.equal(store.totals().failed, 1);
});
