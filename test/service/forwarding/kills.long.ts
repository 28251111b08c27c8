/** 200 times `kill -9` while forwarding, or as many as METERBRIDGE_KILLS says: each acknowledged point arrives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../conformance/random.ts';
import { killed } from './kills.ts';

const kills = 2 * Number(process.env.METERBRIDGE_KILLS ?? 100);

for (const fsync of [false, true]) {
  test(`${kills / 2} kills while forwarding, fsync: ${fsync}`, async (t) => {
    const { seed, next } = random();
    t.diagnostic(`METERBRIDGE_SEED=${seed}`);
    const { requests, twice } = await killed(t, { kills: kills / 2, random: next, storage: { fsync } });
    t.diagnostic(`${twice} of ${requests} requests came twice, all of them under way at a kill; none was lost`);
    assert.ok(twice <= 7 * kills);
  });
}
