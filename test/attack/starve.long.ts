/**
 * One sender does not starve the others: each attack alone, flat out in a process of its own at the lowest priority and on one
 * processor, for METERBRIDGE_ATTACK_SECONDS (default 60) beside five honest senders and a scraper, with a budget of 512 MiB. With
 * METERBRIDGE_ATTACKS=kinds, those of a kind in turn.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beside, type Name } from './beside.ts';
import { kinds } from './bodies.ts';
import { type FloodName, floods } from './floods.ts';
import { startServed } from './served.ts';

const attackMs = Number(process.env.METERBRIDGE_ATTACK_SECONDS ?? 60) * 1_000;
const skip = process.platform !== 'linux';

const flooding = (Object.keys(floods) as FloodName[]).map((name) => [name, [name]] as const);
const cases: readonly (readonly [string, readonly Name[]])[] = [
  ...(process.env.METERBRIDGE_ATTACKS === 'kinds'
    ? Object.entries(kinds)
    : Object.values(kinds).flatMap((names) => names.map((name) => [name, [name]] as const))),
  ...flooding,
];

for (const [name, names] of cases) {
  test(`${name}: honest senders and scrapes go on as before`, { skip, timeout: attackMs + 120_000 }, async (t) => {
    const { broken, figures } = await beside(t, await startServed(t), [names], attackMs);
    t.diagnostic(figures);
    assert.deepEqual(broken, []);
  });
}
