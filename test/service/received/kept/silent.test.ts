/** Totals of deltas whose series expired are kept over a restart. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StatePart } from '../../../../src/service/received/index.ts';
import { createRig } from '../rig.ts';
import type { SentPoint } from '../sender.ts';
import { at, buckets, delta, deltaHistogram, gauge } from '../sent.ts';

type Rig = ReturnType<typeof createRig>;
const as = (k: string, point: SentPoint): SentPoint => ({ ...point, attributes: { k } });

/** With two series that expired, and one that is shown. */
function silent(): Rig {
  const rig = createRig();
  rig.points(delta, as('a', at(20, 5, 10)));
  rig.points(deltaHistogram, as('a', buckets(10, 20, [1, 2, 3], 9)));
  rig.clock.now = 200_000;
  rig.points(gauge, at(10, 1));
  rig.clock.now = 300_001;
  rig.received.expire();
  assert.deepEqual([rig.shown(), rig.received.silent], [{ 'g{}': 1 }, 2]);
  return rig;
}

function restored(parts: readonly (StatePart | undefined)[], batch: number, hasNames = true): Rig {
  const rig = createRig();
  rig.clock.now = 300_001;
  for (const part of parts) if (part !== undefined) assert.equal(rig.received.restoring.restore(part, hasNames, batch), 0);
  return rig;
}

describe('a total whose series expired', () => {
  it('goes on behind a restart, and behind the next one', () => {
    let rig = silent();
    for (let restart = 0; restart < 2; restart++) {
      rig = restored([...rig.received.states()], 3);
      rig.received.restoring.end();
      assert.deepEqual([rig.shown(), rig.received.silent], [{ 'g{}': 1 }, 2]);
    }
    assert.equal(rig.points(delta, as('a', at(20, 5, 10))), undefined);
    assert.equal(rig.received.tally.repeats, 1);
    rig.points(delta, as('a', at(40, 2, 30)));
    rig.points(deltaHistogram, as('a', buckets(30, 40, [1, 1, 1], 4)));
    assert.deepEqual(rig.shown(), { 'd{k="a"}': 7, 'h{k="a"}': [2, 3, 4, 13], 'g{}': 1 });
  });

  it('that goes on while the snapshot is taken counts once', () => {
    for (const batchesAt of [0, 1]) {
      const rig = silent();
      const batches = [
        (to: Rig) => to.points(delta, as('a', at(40, 2, 30))),
        (to: Rig) => to.points(deltaHistogram, as('a', buckets(30, 40, [1, 1, 1], 4))),
        (to: Rig) => to.points(delta, as('a', at(50, 1, 40))),
      ];
      const parts: StatePart[] = [];
      for (const part of rig.received.states(1)) {
        if (parts.length === batchesAt) for (const send of batches) send(rig);
        if (part !== undefined) parts.push(part);
      }
      const other = restored(parts, 3);
      batches.forEach((send, index) => {
        other.received.restoring.repeats(4 + index);
        send(other);
      });
      other.received.restoring.end();
      assert.deepEqual([other.shown(), other.received.silent], [rig.shown(), 0]);
      assert.equal(rig.shown()['d{k="a"}'], 8);
    }
  });

  it('begins anew where series are called otherwise now', () => {
    const rig = restored([...silent().received.states()], 3, false);
    rig.received.restoring.end();
    rig.points(delta, as('a', at(40, 2, 30)));
    assert.deepEqual(rig.shown(), { 'd{k="a"}': 2, 'g{}': 1 });
  });
});
