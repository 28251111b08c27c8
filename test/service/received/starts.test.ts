/** Since when received series have added up, for a scraper that takes their values at that time for 0. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startOf } from '../../../src/core/store/index.ts';
import { createRig } from './rig.ts';
import { buckets, cumulative, delta, gauge, histogram, at as pointAt, upDown } from './sent.ts';

const nanos = 1e6;
const at = (time: number, value: number, start: number) => pointAt(time * nanos, value, start * nanos);

/** Of the only series, in milliseconds. */
function startIn(rig: ReturnType<typeof createRig>): number {
  const found: number[] = [];
  rig.store.view.walk({ family: () => true, row: (family, row) => void found.push(startOf(family, row)) });
  assert.equal(found.length, 1);
  return found[0] as number;
}

describe('the start of a series', () => {
  it('is the one that its sender gives', () => {
    const rig = createRig();
    rig.points(cumulative, at(20, 5, 10));
    assert.equal(startIn(rig), 10);
    rig.points(cumulative, at(30, 6, 10));
    assert.equal(startIn(rig), 10);
  });

  it('of a histogram too', () => {
    const rig = createRig();
    rig.points(histogram, buckets(10 * nanos, 20 * nanos, [1, 0, 0], 1));
    assert.equal(startIn(rig), 10);
  });

  it('is that of the sender that began again', () => {
    const rig = createRig();
    rig.points(cumulative, at(20, 5, 10));
    rig.points(cumulative, at(40, 1, 30));
    assert.equal(startIn(rig), 30);
  });

  it('is that of the first delta', () => {
    const rig = createRig();
    rig.points(delta, at(20, 5, 10));
    rig.points(delta, at(30, 5, 20));
    assert.equal(startIn(rig), 10);
  });

  // OpenTelemetry's data model, "Cumulative streams: handling unknown start time": the first point has its own time, and later
  // ones keep that.
  for (const [what, start, time] of [
    ['0', 0, 20],
    ['the time of the first point', 20, 20],
    ['behind it', 30, 20],
    ['ahead of our clock', 4_000_000_000_000, 4_000_000_000_100],
  ] as const) {
    it(`is none where the sender's is ${what}, then and later`, () => {
      const rig = createRig();
      rig.points(cumulative, at(time, 5, start));
      assert.equal(startIn(rig), 0);
      rig.points(cumulative, at(time + 20, 6, start));
      assert.equal(startIn(rig), 0);
    });
  }

  it('is none of what is exposed as a gauge', () => {
    for (const metric of [gauge, upDown]) {
      const rig = createRig();
      rig.points(metric, at(20, 5, 10));
      assert.equal(startIn(rig), 0);
    }
  });
});
