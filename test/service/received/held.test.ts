/** What received series may take: resources and scopes, bytes of labels, memory. What is refused leaves nothing behind. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from './rig.ts';
import type { SentPoint, SentResource } from './sender.ts';
import { at, buckets, gauge, histogram } from './sent.ts';

const of = (name: string, ...scopes: string[]): SentResource[] =>
  (scopes.length === 0 ? [''] : scopes).map((scope) => ({
    attributes: { 'service.name': name },
    scope,
    metrics: [{ ...gauge, points: [{ ...at(1, 1), attributes: { name, scope } }] }],
  }));
const label = (a: string) => ({ ...at(1, 1), attributes: { a } });

describe('resources and scopes', () => {
  it('beyond their limit are refused, told once, and counted; those that are there go on', () => {
    const rig = createRig({ limits: { resources: 4 } });
    assert.equal(rig.send(...of('a'), ...of('b')), undefined);
    const why = 'there are as many resources and scopes as there may be (4)';
    assert.deepEqual(rig.send(...of('c', 's', 't'), ...of('a')), { points: 2, why });
    assert.deepEqual(rig.send(...of('d'), ...of('b')), { points: 1, why });
    assert.deepEqual([rig.received.streams, rig.received.tally.ignored.resource_limit], [2, 3]);
    assert.deepEqual(
      rig.events.map(({ type, name }) => [type, name]),
      [['resource_limit', 'g']],
    );
  });

  it('count a scope of a resource that is there, too', () => {
    const rig = createRig({ limits: { resources: 3 } });
    assert.equal(rig.send(...of('a', 's', 't')), undefined);
    assert.equal(rig.send(...of('a', 'u'))?.points, 1);
    assert.equal(rig.received.streams, 2);
  });

  it('have room again once others have gone', () => {
    const rig = createRig({ limits: { resources: 2 }, expireAfterMs: 100 });
    rig.send(...of('a'));
    rig.clock.now = 101;
    rig.received.expire();
    assert.equal(rig.send(...of('b')), undefined);
  });

  it('that are refused leave nothing behind, and those without points make nothing', () => {
    const rig = createRig({ limits: { resources: 2 } });
    rig.send(...of('a'));
    const { heap, buffers } = rig.received.held;
    for (let round = 0; round < 50; round++) {
      const many = Array.from({ length: 100 }, (_, k) => ({ ...of(`${round} ${k}`)[0], metrics: [{ ...gauge, points: [] }] }));
      rig.send(...many, ...of(`${round}`));
    }
    assert.deepEqual({ ...rig.received.held }, { heap, buffers });
  });
});

describe('bytes of labels', () => {
  it('of all series: beyond the limit new ones are refused, and told once', () => {
    const rig = createRig({ limits: { labelBytes: 100 } });
    assert.equal(rig.points(gauge, label('x'.repeat(60))), undefined);
    assert.deepEqual(rig.points(gauge, label('y'.repeat(60)), label('z'.repeat(60)), label('x'.repeat(60))), {
      points: 2,
      why: 'labels have as many bytes as they may have (100)',
    });
    assert.deepEqual([rig.received.series, rig.received.tally.ignored.label_bytes], [1, 2]);
    assert.deepEqual(
      rig.events.map(({ type }) => type),
      ['label_bytes'],
    );
  });

  it('of a resource: others are not held back', () => {
    const rig = createRig({ limits: { labelBytesPerResource: 100 } });
    const long = (name: string, a: string) => ({
      attributes: { 'service.name': name },
      metrics: [{ ...gauge, points: [label(a.repeat(60))] }],
    });
    assert.equal(rig.send(long('a', 'x'), long('b', 'x')), undefined);
    assert.equal(rig.send(long('a', 'y'))?.why, 'the labels of the resource have as many bytes as those of one may have (100)');
    assert.equal(rig.received.tally.ignored.resource_label_bytes, 1);
  });

  it('count for a resource what its series have of it: service.name becomes a label', () => {
    const rig = createRig({ limits: { labelBytes: 1_000 } });
    const sent = (a: string) => ({
      attributes: { 'service.name': 'n'.repeat(400) },
      metrics: [{ ...gauge, points: [label(a)] }],
    });
    assert.equal(rig.send(sent('1'), sent('2')), undefined);
    assert.equal(rig.send(sent('3'))?.points, 1);
  });

  it('come back with the series that go', () => {
    const rig = createRig({ limits: { labelBytes: 100, labelBytesPerResource: 100 }, expireAfterMs: 100 });
    for (let round = 0; round < 5; round++) {
      assert.equal(rig.points(gauge, label(`${round}`.repeat(60))), undefined);
      rig.clock.now += 101;
      rig.received.expire();
    }
  });
});

describe('memory', () => {
  const bounds = (from: number) => Array.from({ length: 999 }, (_, k) => from + k);
  const counts = Array.from({ length: 1_000 }, () => 1);
  const wide = (k: number) => ({ ...buckets(1, 1, counts, 1, bounds(k)), attributes: { k: String(k) } });

  it('without room refuses what is new, told once; what is there goes on', () => {
    let bytes = Number.POSITIVE_INFINITY;
    const rig = createRig({ room: () => ({ bytes, heap: Number.POSITIVE_INFINITY }), maxMemory: 77 });
    rig.points(gauge, label('x'));
    bytes = 0;
    const sent = [{ ...label('x'), time: 5, double: 7 }, label('y')];
    assert.deepEqual(rig.points(gauge, ...sent), {
      points: 1,
      why: 'what senders sent takes as much memory as it may take (77)',
    });
    assert.equal(rig.points({ ...gauge, name: 'h' }, label('x'))?.points, 1);
    assert.equal(rig.send(...of('other'))?.points, 1);
    assert.deepEqual(rig.shown(), { 'g{a="x"}': 7 });
    assert.equal(rig.received.tally.ignored.memory_limit, 3);
    assert.deepEqual(
      rig.events.map(({ type }) => type),
      ['memory_limit'],
    );
  });

  it('is held to the room within one batch', () => {
    const mib = 2 ** 20;
    const rig = createRig({ room: () => ({ bytes: mib - rig.received.held.heap - rig.received.held.buffers, heap: mib }) });
    const verdict = rig.points(gauge, ...Array.from({ length: 50_000 }, (_, k) => label(`${k}`)));
    assert.ok(rig.received.series > 1_000 && (verdict?.points ?? 0) > 40_000, `${rig.received.series}`);
    const { heap, buffers } = rig.received.held;
    // Tables grow by doubling while they are small.
    assert.ok(heap + buffers < 1.6 * mib, `${heap + buffers}`);
  });

  it('counts the labels of exemplars, of which each bucket has room for its own, and lets them go', () => {
    const mib = 2 ** 20;
    const room = () => ({ bytes: 3 * mib - rig.received.held.heap - rig.received.held.buffers, heap: 3 * mib });
    const rig = createRig({ exemplars: true, expireAfterMs: 100, room });
    const few = Array.from({ length: 100 }, () => 1);
    const long = (k: number) => ({
      ...buckets(1, 1, few, 1, bounds(0).slice(0, 99)),
      attributes: { k: String(k) },
      exemplars: [{ time: 1, double: 1, attributes: { text: '€'.repeat(124) } }],
    });
    // Some 95 kB each.
    const verdict = rig.points(histogram, ...Array.from({ length: 200 }, (_, k) => long(k)));
    assert.ok(rig.received.series > 10 && (verdict?.points ?? 0) > 150, `${rig.received.series}`);
    const { heap, buffers } = rig.received.held;
    assert.ok(heap + buffers < 1.6 * 3 * mib, `${heap + buffers}`);
    rig.clock.now = 101;
    rig.received.expire();
    assert.ok(rig.received.held.buffers < buffers / 10, `${rig.received.held.buffers}`);
  });

  it('counts the bounds of each shape, and lets them go', () => {
    const rig = createRig({ expireAfterMs: 100 });
    rig.points(gauge, label('x'));
    const before = rig.received.held.heap;
    for (let k = 0; k < 20; k++) rig.points(histogram, wide(k));
    assert.ok(rig.received.held.heap - before > 20 * 999 * 50, `${rig.received.held.heap - before}`);
    rig.clock.now = 101;
    rig.received.expire();
    assert.ok(rig.received.held.heap <= before);
  });

  it('refuses shapes of bounds beyond what there is of the heap', () => {
    const rig = createRig({ room: () => ({ bytes: Number.POSITIVE_INFINITY, heap: 5 * 2 ** 20 - rig.received.held.heap }) });
    for (let k = 0; k < 100; k++) rig.points(histogram, wide(k));
    assert.ok(rig.received.held.heap < 5 * 2 ** 20);
    assert.ok((rig.received.tally.ignored.memory_limit ?? 0) > 50);
    // Points of other bounds on a series that is there.
    const moved = rig.points(histogram, { ...wide(0), ...buckets(2, 1, counts, 1, bounds(5_000)) });
    assert.equal(moved?.why.startsWith('what senders sent takes as much memory'), true);
  });

  it('comes back to what it was once all have gone', () => {
    const rig = createRig({ expireAfterMs: 100 });
    const held: number[] = [];
    for (let round = 0; round < 4; round++) {
      for (let k = 0; k < 20; k++) rig.send(...of(`${round} ${k}`, 's', 't'));
      rig.points(
        { ...gauge, name: `n${round}` },
        ...Array.from({ length: 50 }, (_, k) => ({ ...at(1, 1), attributes: { [`a${k}`]: 'x' } })),
      );
      rig.clock.now += 101;
      rig.received.expire();
      held.push(rig.received.held.heap);
    }
    assert.equal(new Set(held).size, 1, held.join());
  });
});

it('says which limit a stream met that is to add up in a wider row', () => {
  const rig = createRig({ mostLabelBytes: 500 });
  const { sum: _, ...withoutSum } = buckets(10, 20, [1, 0, 0], 0);
  const long = (k: string, point: SentPoint, more = {}) => ({ ...point, attributes: { k: k.repeat(300), ...more } });
  rig.points(histogram, long('a', buckets(10, 20, [1, 0, 0], 1)), long('b', withoutSum));
  assert.equal(rig.points(histogram, long('a', withoutSum, { e: '' }))?.points, 1);
  assert.deepEqual([rig.received.tally.ignored.no_room, rig.received.tally.ignored.memory_limit, rig.events], [1, 0, []]);
});
