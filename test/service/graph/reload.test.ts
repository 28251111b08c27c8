/** A reload: what stays, what is replaced and in which order, and what a configuration that does not work costs. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { DEADLINE_MS } from '../../until.ts';
import { played } from './played.ts';
import { noOwnMetrics, startFrom } from './rig.ts';

const pipelines = (lists: string, more = '') => `service: {${noOwnMetrics}, pipelines: {metrics: ${lists}${more}}}`;
const lists = '{receivers: [test], processors: [test], exporters: [test/a]}';
const from = (parts: { receiver?: string; processor?: string; a?: string; b?: string; service?: string }) => {
  const { receiver = '', processor = '', a = '', b = '', service = pipelines(lists) } = parts;
  return `{receivers: {test: {${receiver}}}, processors: {test: {${processor}}}, exporters: {test/a: {${a}}, test/b: {${b}}}, ${service}}`;
};

async function started(t: TestContext, yaml: string) {
  const play = played();
  const service = await startFrom(t, yaml, play.factories);
  play.taken();
  return { ...play, service };
}

test('equal settings: nothing starts, nothing ends', async (t) => {
  const { service, taken, send } = await started(t, from({}));
  assert.deepEqual(await service.changeTo(from({})), { outcome: 'done', lines: ['kept: 3 of 3'] });
  send('test', 1);
  assert.deepEqual(taken(), ['test (metrics) passes 1', 'test/a takes 1']);
});

test('a replaced exporter starts ahead of the end of the old one, and everything else stays', async (t) => {
  const { service, taken, send } = await started(t, from({}));
  const { lines } = await service.changeTo(from({ a: 'tag: "*"' }));
  assert.deepEqual(lines, ['replaced: exporter test/a', 'kept: 2 of 3']);
  send('test', 1);
  assert.deepEqual(taken(), ['start exporter test/a*', 'shutdown exporter test/a', 'test (metrics) passes 1', 'test/a* takes 1']);
});

test('another pipeline of a receiver, another exporter: they stay, and feed whom they are to feed now', async (t) => {
  const { service, taken, send } = await started(t, from({}));
  const both = pipelines(lists.replace('test/a', 'test/b'), ', metrics/2: {receivers: [test], exporters: [test/a]}');
  const { lines } = await service.changeTo(from({ service: both }));
  assert.deepEqual(lines, ['added: exporter test/b', 'kept: 3 of 4']);
  send('test', 2);
  assert.deepEqual(taken(), ['start exporter test/b', 'test (metrics) passes 2', 'test/b takes 2', 'test/a takes 2']);
  assert.deepEqual((await service.changeTo(from({}))).lines, ['removed: exporter test/b', 'kept: 3 of 3']);
  send('test', 3);
  assert.deepEqual(taken(), ['shutdown exporter test/b', 'test (metrics) passes 3', 'test/a takes 3']);
});

test('what goes ends from the receivers on, so that a processor may still hand on what it holds', async (t) => {
  const { service, taken } = await started(t, from({}));
  await service.changeTo(from({ receiver: 'tag: "*"', processor: 'tag: "*"', a: 'tag: "*"' }));
  await service.shutdown();
  assert.deepEqual(taken().slice(0, 6), [
    'start exporter test/a*',
    'start processor test (metrics)*',
    'start receiver test*',
    'shutdown receiver test',
    'shutdown processor test (metrics)',
    'shutdown exporter test/a',
  ]);
});

test('a wrong configuration changes nothing, and all that is wrong is said', async (t) => {
  const { service, taken, send } = await started(t, from({}));
  const { outcome, lines } = await service.changeTo(from({ a: 'tga: 1', b: 'broken: 7' }));
  assert.equal(outcome, 'wrong');
  assert.match(lines.join('\n'), /tga.*Fix: write tag\.\n.*broken.*got 7/);
  for (const line of lines) assert.ok(service.log().includes(line), line);
  send('test', 1);
  assert.deepEqual(taken(), ['test (metrics) passes 1', 'test/a takes 1']);
});

test('a component that does not start leaves everything as it was', async (t) => {
  const { service, taken, send } = await started(t, from({}));
  const reloaded = await service.changeTo(from({ a: 'tag: "*"', receiver: 'broken: true' }));
  assert.deepEqual(reloaded, { outcome: 'failed', lines: ['receiver test does not start: it is broken'] });
  assert.match(
    service.log(),
    /The configuration stays as it was: the new one does not start\n.*receiver test does not start: it is broken/,
  );
  send('test', 1);
  const undone = ['start exporter test/a*', 'start receiver test', 'shutdown receiver test', 'shutdown exporter test/a*'];
  assert.deepEqual(taken(), [...undone, 'test (metrics) passes 1', 'test/a takes 1']);
  // Once it is right again, the same reload works.
  assert.equal((await service.changeTo(from({ a: 'tag: "*"' }))).outcome, 'done');
});

test('two that need one address: the old one ends first, and what comes meanwhile waits for the new one', {
  timeout: DEADLINE_MS,
}, async (t) => {
  const at = 'endpoint: "localhost:4040"';
  const { service, taken, send, release } = await started(t, from({ a: at }));
  const reloaded = service.changeTo(from({ a: `${at}, tag: "*", waits: true` }));
  const events: string[] = [];
  for (; !events.includes('start exporter test/a*'); await setImmediate()) events.push(...taken());
  assert.deepEqual(events, ['shutdown exporter test/a', 'start exporter test/a*']);
  const verdict = send('test', 1);
  assert.deepEqual(taken(), ['test (metrics) passes 1']);
  release();
  assert.equal((await reloaded).outcome, 'done');
  assert.equal(await verdict, undefined);
  send('test', 2);
  assert.deepEqual(taken(), ['test/a* takes 1', 'test (metrics) passes 2', 'test/a* takes 2']);
});

test('an exporter hands over what it has, in place of its shutdown, once nothing feeds it', async (t) => {
  const { service, taken } = await started(t, from({ a: 'holds: true' }));
  await service.changeTo(from({ a: 'holds: true, tag: "*"', processor: 'tag: "*"' }));
  await service.changeTo(from({ a: 'tag: "**"', processor: 'tag: "*"' }));
  await service.shutdown();
  assert.deepEqual(taken().slice(0, 8), [
    'start exporter test/a*',
    'start processor test (metrics)*',
    'shutdown processor test (metrics)',
    'test/a hands over',
    'test/a* takes over what test/a had',
    // The next one cannot take over.
    'start exporter test/a**',
    'shutdown exporter test/a*',
    'shutdown receiver test',
  ]);
});

test('what is handed over is there before the new one opens the address, and goes back where it does not start', async (t) => {
  const at = 'holds: true, endpoint: "localhost:4040"';
  const { service, taken } = await started(t, from({ a: at }));
  assert.equal((await service.changeTo(from({ a: `${at}, tag: "*", broken: true` }))).outcome, 'failed');
  assert.deepEqual(taken(), [
    'test/a hands over',
    'test/a* takes over what test/a had',
    'start exporter test/a*',
    'test/a* hands over',
    'test/a takes over what test/a* had',
    'start exporter test/a',
  ]);
});

test('two that write one file: the old one ends first', async (t) => {
  const { service, taken } = await started(t, from({ a: 'file: /tmp/a' }));
  assert.equal((await service.changeTo(from({ a: 'file: /tmp/a, tag: "*"' }))).outcome, 'done');
  assert.deepEqual(taken(), ['shutdown exporter test/a', 'start exporter test/a*']);
});

test('what waits for an exporter that does not start goes to the former one', { timeout: DEADLINE_MS }, async (t) => {
  const at = 'endpoint: "localhost:4040"';
  const { service, taken, send, release } = await started(t, from({ a: at }));
  const reloaded = service.changeTo(from({ a: `${at}, broken: true, waits: true` }));
  while (!taken().includes('start exporter test/a')) await setImmediate();
  const verdict = send('test', 1);
  release();
  assert.equal((await reloaded).outcome, 'failed');
  assert.equal(await verdict, undefined);
  assert.deepEqual(taken(), ['test (metrics) passes 1', 'shutdown exporter test/a', 'start exporter test/a', 'test/a takes 1']);
});

test('what waits for an exporter that does not start, and that was not there before, is to be sent again', {
  timeout: DEADLINE_MS,
}, async (t) => {
  const at = 'endpoint: "localhost:4040"';
  const { service, taken, send, release } = await started(t, from({ a: at }));
  const other = pipelines(lists.replace('test/a', 'test/b'));
  const reloaded = service.changeTo(from({ b: `${at}, broken: true, waits: true`, service: other }));
  while (!taken().includes('start exporter test/b')) await setImmediate();
  const verdict = send('test', 1);
  release();
  assert.equal((await reloaded).outcome, 'failed');
  assert.deepEqual(await verdict, { points: 1, why: 'the service is reloading its configuration', retryable: true });
});

test('two that need one address, and the new one does not start: the former one is made again', async (t) => {
  const at = 'endpoint: "localhost:4040"';
  const { service, taken, send } = await started(t, from({ a: at }));
  const reloaded = await service.changeTo(from({ a: `${at}, broken: true`, processor: 'tag: "*"' }));
  assert.deepEqual(reloaded, { outcome: 'failed', lines: ['exporter test/a does not start: it is broken'] });
  taken();
  assert.equal(send('test', 1), undefined);
  assert.deepEqual(taken(), ['test (metrics) passes 1', 'test/a takes 1']);
  await service.shutdown();
  assert.deepEqual(taken(), ['shutdown receiver test', 'shutdown processor test (metrics)', 'shutdown exporter test/a']);
});

test('service.telemetry changes, too: the level of log lines, and the listener of the own metrics', async (t) => {
  const { service } = await started(t, from({}));
  const reader = '{pull: {exporter: {prometheus: {host: localhost, port: 0}}}}';
  const own = pipelines(lists).replace(noOwnMetrics, `telemetry: {logs: {level: warn}, metrics: {readers: [${reader}]}}`);
  const { lines } = await service.changeTo(from({ service: own }));
  assert.deepEqual(lines, ['added: service telemetry.metrics', 'kept: 3 of 4']);
  const [url = ''] = service.urls();
  assert.match(await (await fetch(url)).text(), /^otelcol_process_uptime /m);
  const before = service.log();
  assert.deepEqual((await service.changeTo(from({}))).lines, ['removed: service telemetry.metrics', 'kept: 3 of 3']);
  await service.shutdown();
  await assert.rejects(fetch(url));
  // At warn, nothing said that this reload began; at info, a line says that it worked.
  assert.match(
    service.log().slice(before.length),
    /^\S+\tinfo\tThe new configuration works\. removed: service telemetry\.metrics/,
  );
});

test('reloads come one after the other', async (t) => {
  const { service, taken } = await started(t, from({}));
  await Promise.all([service.changeTo(from({ a: 'tag: "1"' })), service.changeTo(from({ a: 'tag: "2"' }))]);
  // Both read what the file says when their turn comes.
  assert.deepEqual(taken(), ['start exporter test/a2', 'shutdown exporter test/a']);
  const during = service.changeTo(from({ a: 'tag: "3"' }));
  await service.shutdown();
  assert.equal((await during).outcome, 'failed');
  assert.deepEqual(await service.reload(), { outcome: 'failed', lines: ['the service is shutting down'] });
});
