/** What a line advises for a full label helps: who follows it gets the next value recorded under its own name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capped, contract, counter, gauge, identity, type Label, meterbridge } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';

const limit = 2;

function shop(name: string, room: Label) {
  return contract(name, {
    visits: counter({ help: 'Visits.', labels: { room } }),
    heat: gauge({ help: 'Heat.', labels: { room } }),
  });
}

/** By metric, what is advised when a third value comes. */
function advice(declared: ReturnType<typeof shop>): Readonly<Record<string, string>> {
  const lines: string[] = [];
  const { metrics } = meterbridge(declared, { isolated: true, push: false, env: {}, log: (line) => lines.push(line) });
  for (const room of ['a', 'b', 'c']) {
    metrics.visits.add(1, { room });
    metrics.heat.set(1, { room });
  }
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('{')), line.slice(line.indexOf('Fix: '))]));
}

test('an identity: remove what is gone', async () => {
  const declared = shop('ident', identity({ limit }));
  const fix = 'Fix: raise the limit in the contract, or remove what is gone';
  assert.deepEqual(advice(declared), { ident_visits_total: fix, ident_heat: fix });
  const { metrics, value } = testBridge(declared);
  for (const room of ['a', 'b']) metrics.visits.add(1, { room });
  metrics.visits.remove({ room: 'a' });
  metrics.visits.add(1, { room: 'c' });
  assert.equal(await value('visits', { room: 'c' }), 1);
});

test('a capped set: to remove a series frees nothing, so it is not advised; an identity does', async () => {
  const fix = 'Fix: raise the limit in the contract, or use identity for things that come and go';
  const declared = shop('cap', capped({ limit }));
  assert.deepEqual(advice(declared), { cap_visits_total: fix, cap_heat: fix });
  const { metrics, value } = testBridge(declared);
  for (const room of ['a', 'b']) metrics.visits.add(1, { room });
  metrics.visits.remove({ room: 'a' });
  metrics.visits.add(1, { room: 'c' });
  assert.equal(await value('visits', { room: 'c' }), undefined);
  assert.equal(await value('visits', { room: 'other' }), 1);
});
