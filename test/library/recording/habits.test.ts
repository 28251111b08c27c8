/**
 * What users of other clients are used to: one by default, gauges that count, labels at a timer's end, numbers as label values.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capped, contract, counter, gauge, histogram, identity, oneOf, upDownCounter } from '../../../src/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';

const zone = { zone: identity() };
const declared = contract('h', {
  jobs: counter({ help: 'Jobs.' }),
  replies: counter({
    help: 'Replies.',
    labels: { code: oneOf(200, 404), cached: oneOf(true, false), status: capped<number>(), shard: identity<number>() },
  }),
  waiting: upDownCounter({ help: 'Waiting.', labels: zone }),
  heat: gauge({ help: 'Heat.', labels: zone }),
  level: gauge({ help: 'Level.' }),
  backup: gauge({ unit: 's', help: 'Time of the last backup.' }),
  backupMs: gauge({ unit: 'ms', help: 'The same in ms.' }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1, 10], labels: { job: identity(), outcome: oneOf('well', 'badly') } }),
  wait: histogram({ unit: 's', help: 'Wait.', bounds: [1, 10] }),
});

for (const [name, engine] of [
  ['the store engine', {}],
  ['the SDK engine', { engine: sdkEngine() }],
] as const) {
  const opened = () => testBridge(declared, engine);

  test(`${name}: add and inc count one by default`, async () => {
    const { metrics, value, log } = opened();
    metrics.jobs.add();
    metrics.jobs.inc();
    metrics.jobs.add(3);
    assert.equal(await value('jobs'), 5);
    metrics.waiting.inc({ zone: 'a' });
    metrics.waiting.add(4, { zone: 'a' });
    metrics.waiting.dec({ zone: 'a' });
    metrics.waiting.add(-0.5, { zone: 'a' });
    assert.equal(await value('waiting', { zone: 'a' }), 3.5);
    assert.deepEqual(log, []);
  });

  test(`${name}: an undefined value is a mistake, not one`, async () => {
    const { metrics, value, log } = opened();
    const mistaken = undefined as unknown as number;
    metrics.jobs.add(mistaken);
    metrics.waiting.add(mistaken, { zone: 'a' });
    metrics.level.add(mistaken);
    assert.equal(await value('jobs'), 0);
    assert.equal(await value('waiting', { zone: 'a' }), undefined);
    assert.equal(await value('level'), undefined);
    assert.equal(log.length, 3, log.join('\n'));
  });

  test(`${name}: labels before the value, as in prom-client, are rejected with the call to write`, async () => {
    const { metrics, value, log } = opened();
    // biome-ignore lint/suspicious/noExplicitAny: what untyped code can do
    const untyped = metrics as unknown as Record<string, Record<string, (...given: any[]) => void>>;
    const of = { zone: 'a' };
    untyped.jobs?.inc?.(3);
    untyped.waiting?.inc?.(of, 4);
    untyped.level?.dec?.(2);
    untyped.heat?.set?.(of, 7);
    untyped.wait?.record?.({}, 0.2);
    const order = 'the value comes before the labels, and inc and dec take no value; further ones are only counted';
    const line = (series: string, fix: string) =>
      new RegExp(`^${series}: .*rejected \\(value\\): got .*; ${order}\\. Fix: call ${fix}`);
    const add = 'add\\(value, labels\\)';
    const either = `set\\(value, labels\\) or ${add}`;
    assert.equal(log.length, 5, log.join('\n'));
    for (const [at, [series, fix]] of [
      ['h_jobs_total', add],
      ['h_waiting', add],
      ['h_level', either],
      ['h_heat', either],
      ['h_wait_seconds', 'record\\(value, labels\\)'],
    ].entries())
      assert.match(log[at] ?? '', line(series as string, fix as string));
    assert.equal(await value('jobs'), 0);
    for (const key of ['waiting', 'heat'] as const) assert.equal(await value(key, { zone: 'a' }), undefined);
    assert.deepEqual([await value('level'), await value('wait')], [undefined, undefined]);
    untyped.heat?.add?.(of, 7);
    untyped.waiting?.add?.(of, 7);
    assert.deepEqual([await value('heat', of), await value('waiting', of)], [undefined, undefined]);
  });

  test(`${name}: a counter has no dec`, async () => {
    const { metrics, value, log } = opened();
    metrics.jobs.inc();
    (metrics.jobs as unknown as { dec(): void }).dec();
    assert.equal(await value('jobs'), 1);
    assert.match(log.join('\n'), /kind/);
  });

  test(`${name}: a gauge counts from 0, from what was set, and from 0 again after a removal`, async () => {
    const { metrics, value } = opened();
    metrics.heat.inc({ zone: 'a' });
    metrics.heat.add(2.5, { zone: 'a' });
    metrics.heat.dec({ zone: 'b' });
    assert.deepEqual([await value('heat', { zone: 'a' }), await value('heat', { zone: 'b' })], [3.5, -1]);
    metrics.heat.set(40, { zone: 'a' });
    metrics.heat.add(-2, { zone: 'a' });
    assert.equal(await value('heat', { zone: 'a' }), 38);
    metrics.heat.remove({ zone: 'a' });
    assert.equal(await value('heat', { zone: 'a' }), undefined);
    metrics.heat.inc({ zone: 'a' });
    assert.equal(await value('heat', { zone: 'a' }), 1);
    metrics.level.inc();
    metrics.level.add(4);
    assert.equal(await value('level'), 5);
  });

  test(`${name}: the time of now, in the metric's unit`, async () => {
    const { metrics, value, clock } = opened();
    clock.advance(1_500);
    metrics.backup.setToCurrentTime();
    metrics.backupMs.setToCurrentTime();
    assert.equal(await value('backup'), clock() / 1_000);
    assert.equal(await value('backupMs'), clock());
  });

  test(`${name}: a timer takes labels at both ends`, async () => {
    const { metrics, value, clock, log } = opened();
    const end = metrics.time.startTimer({ job: 'a' });
    clock.advance(2_000);
    assert.equal(end({ outcome: 'badly' }), 2);
    const late = metrics.time.startTimer();
    clock.advance(500);
    late({ job: 'a', outcome: 'well' });
    metrics.time.startTimer({ job: 'a', outcome: 'well' })({ outcome: 'badly' });
    assert.deepEqual(await value('time', { job: 'a', outcome: 'badly' }), { count: 2, sum: 2, counts: [1, 1, 0] });
    assert.deepEqual(await value('time', { job: 'a', outcome: 'well' }), { count: 1, sum: 0.5, counts: [1, 0, 0] });
    (metrics.time.startTimer({ job: 'b' }) as () => number)();
    assert.match(log.join('\n'), /label_missing/);
  });

  test(`${name}: time() times a function, its promise and its failure`, async () => {
    const { metrics, value, clock } = opened();
    const work = (ms: number, result: string) => {
      clock.advance(ms);
      return result;
    };
    assert.equal(
      metrics.wait.time(() => work(2_000, 'a')),
      'a',
    );
    assert.throws(() => metrics.wait.time(() => assert.fail(work(500, 'failed'))), /failed/);
    const pending = metrics.wait.time(async () => {
      await Promise.resolve();
      return work(20_000, 'late');
    });
    assert.equal(await pending, 'late');
    await assert.rejects(
      metrics.wait.time(() => Promise.reject(new Error('rejected'))),
      /rejected/,
    );
    await Promise.resolve();
    assert.deepEqual(await value('wait'), { count: 4, sum: 22.5, counts: [2, 1, 1] });
    metrics.time.time({ job: 'a', outcome: 'well' }, () => clock.advance(1_000));
    assert.equal((await value('time', { job: 'a', outcome: 'well' }))?.sum, 1);
  });

  test(`${name}: a value beside a number frees its place when its series goes`, async () => {
    const few = contract('h', { runs: counter({ help: 'h', labels: { task: identity({ limit: 2 }), code: capped<number>() } }) });
    const { metrics, value, log } = testBridge(few, engine);
    for (const task of ['a', 'b', 'c', 'd', 'e']) {
      metrics.runs.inc({ task, code: 404 });
      assert.equal(await value('runs', { task, code: 404 }), 1);
      metrics.runs.remove({ task });
    }
    assert.deepEqual(log, []);
  });

  test(`${name}: a number, a boolean and their strings are one series`, async () => {
    const { metrics, value, log } = opened();
    metrics.replies.inc({ code: 404, cached: true, status: 503, shard: 7 });
    metrics.replies.inc({ code: '404', cached: 'true', status: '503', shard: '7' });
    metrics.replies.add(1, { code: 404, cached: 'true', status: 503, shard: '7' });
    assert.equal(await value('replies', { code: 404, cached: true, status: 503, shard: 7 }), 3);
    assert.equal(await value('replies', { code: '404', cached: true, status: '503', shard: 7 }), 3);
    metrics.replies.remove({ shard: 7 });
    assert.equal(await value('replies', { code: 404, cached: true, status: 503, shard: 7 }), undefined);
    assert.deepEqual(log, []);
    metrics.replies.inc({ code: 500 as 404, cached: true, status: 503, shard: 7 });
    assert.match(log.join('\n'), /label_value/);
  });
}
