/** What a row has beside its value, and how it goes, a test a row of the rules. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig, readExemplars } from './rig.ts';
import { at, buckets, cumulative, delta, gauge, histogram } from './sent.ts';

describe('exemplars', () => {
  const exemplar = (time: number, double: number, id: number) => ({
    time: BigInt(time) * 1_000_000n,
    double,
    trace: new Uint8Array(16).fill(id),
    span: new Uint8Array(8).fill(id),
  });
  const stored = (timeMs: number, value: number, id: string) => ({ timeMs, value, traceId: id.repeat(16), spanId: id.repeat(8) });

  function exemplarsOf(rig: ReturnType<typeof createRig>) {
    let found: unknown;
    rig.store.view.walk({
      family: () => true,
      row(family, _row, _generation, cellAt) {
        found = readExemplars(family.rowLayout, family.cells, cellAt, 0);
      },
    });
    return found;
  }

  it('of a counter: the newest stays', () => {
    const rig = createRig({ exemplars: true });
    rig.points(cumulative, at(10, 1));
    rig.points(cumulative, { ...at(20, 2), exemplars: [exemplar(5, 1, 0x11), exemplar(7, 1.5, 0x22), exemplar(6, 9, 0x33)] });
    rig.points(cumulative, { ...at(30, 3), exemplars: [exemplar(4, 9, 0x44)] });
    rig.points(cumulative, at(40, 4));
    assert.deepEqual(exemplarsOf(rig), [stored(7, 1.5, '22')]);
    assert.deepEqual(rig.shown(), { 'c{}': 4 });
  });

  it('of a histogram: the newest of each bucket', () => {
    const rig = createRig({ exemplars: true });
    const sent = [exemplar(5, 1, 0x11), exemplar(6, 1.5, 0x22), exemplar(4, 2, 0x33), exemplar(1, 3, 0x44)];
    rig.points(histogram, { ...buckets(1, 10, [1, 2, 1], 6), exemplars: sent });
    assert.deepEqual(exemplarsOf(rig), [stored(5, 1, '11'), stored(6, 1.5, '22'), stored(1, 3, '44')]);
  });

  it('stay with deltas that add up, and move with the value', () => {
    const rig = createRig({ exemplars: true });
    rig.points(delta, at(10, 5, 1));
    rig.points(delta, { ...at(20, 3, 10), exemplars: [exemplar(5, 1, 0x11)] });
    assert.deepEqual([rig.shown(), exemplarsOf(rig)], [{ 'd{}': 8 }, [stored(5, 1, '11')]]);
  });

  it('need no id, and without any label take the place of none that has some', () => {
    const rig = createRig({ exemplars: true });
    rig.points(cumulative, { ...at(10, 1), exemplars: [{ time: 4_000_000n, double: 2 }] });
    assert.deepEqual(exemplarsOf(rig), [{ timeMs: 4, value: 2 }]);
    rig.points(cumulative, {
      ...at(20, 1),
      exemplars: [exemplar(5, 1, 0x11), { time: 7_000_000n, double: 2 }, exemplar(8, 3, 0)],
    });
    assert.deepEqual(exemplarsOf(rig), [stored(5, 1, '11')]);
    rig.points(cumulative, { ...at(30, 1), exemplars: [{ time: 6_000_000n, double: 2, attributes: { user: 'bob' } }] });
    assert.deepEqual(exemplarsOf(rig), [{ timeMs: 6, value: 2, labels: [['user', 'bob']] }]);
  });

  const labelled = (time: number, double: number, text: string) => ({
    time: BigInt(time) * 1_000_000n,
    double,
    attributes: { text },
  });
  const kept = (timeMs: number, value: number, text: string) => ({ timeMs, value, labels: [['text', text]] });

  it('keep their attributes, each bucket its own, while the row gets more room', () => {
    const rig = createRig({ exemplars: true });
    const [short, long, longest] = ['a', 'b'.repeat(100), '€'.repeat(124)];
    rig.points(histogram, { ...buckets(1, 10, [1, 2, 1], 6), exemplars: [exemplar(5, 1, 0x11), labelled(5, 2, short)] });
    rig.points(histogram, { ...buckets(1, 20, [2, 2, 1], 7), exemplars: [labelled(6, 3, long)] });
    assert.deepEqual(exemplarsOf(rig), [stored(5, 1, '11'), kept(5, 2, short), kept(6, 3, long)]);
    rig.points(histogram, { ...buckets(1, 30, [3, 2, 1], 8), exemplars: [labelled(7, 1, longest)] });
    assert.deepEqual(exemplarsOf(rig), [kept(7, 1, longest), kept(5, 2, short), kept(6, 3, long)]);
    rig.points(histogram, { ...buckets(1, 40, [3, 3, 1], 8), exemplars: [exemplar(8, 1, 0x22), exemplar(8, 2, 0x22)] });
    assert.deepEqual(
      [exemplarsOf(rig), rig.received.tally.exemplarLabels],
      [[stored(8, 1, '22'), stored(8, 2, '22'), kept(6, 3, long)], 0],
    );
  });

  it('of an exponential histogram keep them, too', () => {
    const rig = createRig({ exemplars: true });
    const point = { time: 10n, count: 1, sum: 1, positive: { offset: 0, counts: [1] }, exemplars: [labelled(5, 1.5, 'a')] };
    rig.send({ metrics: [{ name: 'e', type: 'exponentialHistogram', temporality: 2, points: [point] }] });
    assert.deepEqual(exemplarsOf(rig), [kept(5, 1.5, 'a')]);
  });

  it('leave out labels beyond 128 characters, counted once however often they are sent', () => {
    const rig = createRig({ exemplars: true });
    // 63 of them are the ids, with their names.
    const attributes = { b: 'x'.repeat(65), c: 'y'.repeat(62), d: 'z', e: '' };
    for (const time of [20, 30])
      rig.points(cumulative, {
        ...at(time, 1),
        exemplars: [
          { ...exemplar(5, 1, 0x11), attributes },
          { ...exemplar(4, 1, 0x22), attributes },
        ],
      });
    const labels = [
      ['c', 'y'.repeat(62)],
      ['d', 'z'],
    ];
    assert.deepEqual([exemplarsOf(rig), rig.received.tally.exemplarLabels], [[{ ...stored(5, 1, '11'), labels }], 1]);
  });

  it('have each id once: an attribute of its name is one where there is none', () => {
    const rig = createRig({ exemplars: true });
    const attributes = { trace_id: 'a', span_id: 'b' };
    rig.points(cumulative, { ...at(10, 1), exemplars: [{ ...exemplar(5, 1, 0x11), attributes }] });
    assert.deepEqual(exemplarsOf(rig), [stored(5, 1, '11')]);
    rig.points(cumulative, { ...at(20, 1), exemplars: [{ time: 6_000_000n, double: 1, attributes }] });
    const labels = [
      ['span_id', 'b'],
      ['trace_id', 'a'],
    ];
    assert.deepEqual([exemplarsOf(rig), rig.received.tally.exemplarLabels], [[{ timeMs: 6, value: 1, labels }], 2]);
  });

  it('are not kept where no format shows them', () => {
    const rig = createRig();
    rig.points(cumulative, { ...at(10, 1), exemplars: [exemplar(5, 1, 0x11)] });
    assert.equal(exemplarsOf(rig), undefined);
  });
});

describe('NoRecordedValue', () => {
  it('ends the series, and points behind it are read', () => {
    const rig = createRig();
    rig.points(gauge, { ...at(10, 1), attributes: { a: '1' } }, { ...at(10, 2), attributes: { a: '2' } });
    rig.points(gauge, { time: 20, flags: 1, attributes: { a: '1' } }, { ...at(20, 3), attributes: { a: '2' } });
    assert.deepEqual([rig.shown(), rig.received.tally.stale], [{ 'g{a="2"}': 3 }, 1]);
    rig.received.expire();
    assert.equal(rig.received.streams, 1);
  });

  it('makes no series, and one that is older ends none', () => {
    const rig = createRig();
    rig.points(gauge, { time: 20, flags: 1 });
    assert.equal(rig.received.streams, 0);
    rig.points(gauge, at(30, 1));
    rig.points(gauge, { time: 20, flags: 1 });
    assert.deepEqual(rig.shown(), { 'g{}': 1 });
  });

  it('is over with the next value; a delta begins anew', () => {
    const rig = createRig();
    rig.points(delta, at(10, 5, 1), { start: 10, time: 20, flags: 1 }, at(30, 2, 20));
    assert.deepEqual(rig.shown(), { 'd{}': 2 });
    assert.equal(rig.received.expire(), true);
    assert.deepEqual(rig.shown(), { 'd{}': 2 });
  });
});

describe('time stamps', () => {
  it('are the point’s, in whole milliseconds ("int64 … milliseconds since epoch", exposition_formats.md), where rows have room for them', () => {
    const rig = createRig({ timestamps: true });
    rig.points(gauge, { time: 1_500_000, double: 1 }, { time: 2_500_000, double: 2 });
    rig.store.view.walk({
      family: () => true,
      row: ({ cells, rowLayout }, _row, _generation, cellAt) => assert.equal(cells[cellAt + (rowLayout.timestamp ?? 0)], 2),
    });
    assert.equal(rig.received.series, 1);
  });
});

describe('the start of a row', () => {
  const startOf = (rig: ReturnType<typeof createRig>) => {
    let start = -1;
    rig.store.view.walk({
      family: () => true,
      row(family, row) {
        start = family.start(row);
      },
    });
    return start;
  };

  it('is the cumulative point’s', () => {
    const rig = createRig();
    rig.points(cumulative, { start: 1_000_000, time: 2_000_000, double: 1 });
    assert.equal(startOf(rig), 1);
    rig.points(cumulative, { start: 5_000_000, time: 6_000_000, double: 1 });
    assert.equal(startOf(rig), 5);
  });

  it('is the first delta’s, also behind a gap, or that of the one that began anew', () => {
    const rig = createRig();
    rig.points(delta, { start: 1_000_000, time: 2_000_000, double: 1 }, { start: 2_000_000, time: 3_000_000, double: 1 });
    assert.equal(startOf(rig), 1);
    rig.points(delta, { start: 4_000_000, time: 5_000_000, double: 1 });
    assert.equal(startOf(rig), 1);
    rig.points(delta, { time: 6_000_000, flags: 1 }, { start: 7_000_000, time: 8_000_000, double: 1 });
    assert.equal(startOf(rig), 7);
  });
});
