/** What receivers answer, and what is made of it: holds whichever way a push goes. */
import assert from 'node:assert/strict';
import { test as nodeTest, type TestContext } from 'node:test';
import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import type { PushOptions } from '../../../src/library/push/index.ts';
import { DEADLINE_MS } from '../../until.ts';
import { type Answer, until } from './capture.ts';
import { capture, startPushing, type Way } from './push-behaves.ts';
import { smallStore } from './sources.ts';

const html = { 'content-type': 'text/html' };
const protobuf = { 'content-type': 'application/x-protobuf' };
/** OTLP, "Partial Success" and "Full Success"; an empty answer is what some receivers send in its place. */
const taken: [name: string, answer: Answer, line: RegExp | undefined][] = [
  ['nothing', { status: 200 }, undefined],
  ['204', { status: 204 }, undefined],
  ['an empty message', { status: 200, body: '{}' }, undefined],
  ['a field that is not known', { status: 200, body: '{"later":1}' }, undefined],
  ['a partial success of null', { status: 200, body: '{"partialSuccess":null}' }, undefined],
  ['an empty message in protobuf', { status: 200, headers: protobuf }, undefined],
  ['a field that is not known, in protobuf', { status: 200, headers: protobuf, body: Buffer.from('7801', 'hex') }, undefined],
  [
    'a warning',
    { status: 200, body: '{"partialSuccess":{"rejectedDataPoints":"0","errorMessage":"use v2"}}' },
    /^push to \S+ was accepted, with a warning: "use v2"\.$/,
  ],
  [
    'a warning in protobuf',
    { status: 200, headers: protobuf, body: Buffer.from(`0a081206${Buffer.from('use v2').toString('hex')}`, 'hex') },
    /was accepted, with a warning: "use v2"\.$/,
  ],
  [
    'rejected points alone',
    { status: 200, body: '{"partialSuccess":{"rejectedDataPoints":3}}' },
    /was accepted in part only: 3 points rejected\.$/,
  ],
  [
    'a login page',
    { status: 200, headers: html, body: '<html>Log in</html>' },
    /answered 200 with a body that is no response of OTLP \(text\/html, "<html>Log in/,
  ],
  ['a text', { status: 200, body: 'OK' }, /a body that is no response of OTLP \(no content type, "OK"\)/],
  ['a list', { status: 200, body: '[]' }, /a body that is no response of OTLP/],
  [
    'a count that is none',
    { status: 200, body: '{"partialSuccess":{"rejectedDataPoints":"many"}}' },
    /a body that is no response of OTLP/,
  ],
  [
    'garbage for protobuf',
    { status: 200, headers: protobuf, body: '<html>' },
    /a body that is no response of OTLP \(application\/x-protobuf/,
  ],
  ['zeros for protobuf', { status: 200, headers: protobuf, body: Buffer.alloc(8) }, /a body that is no response of OTLP/],
  [
    'more than it may say',
    { status: 200, body: `{"a":"${'x'.repeat(100_000)}"}` },
    /a body that is no response of OTLP .*"\{\\"a\\":\\"x+…"\)/,
  ],
];

/** All that is secret is `S3cret/+Value` with what stands around it. */
const secret = 'S3cret/+Value';
const options: PushOptions = { headers: { authorization: `Bearer ${secret}`, 'x-pair': 'id=Pair1234; key=Other5678' } };
const address = (url: string) => `${url.replace('//', `//user77:${encodeURIComponent(secret)}@`)}/v1/metrics?key=Query4567&flag`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const hidden = [
  'S3cret',
  'Value',
  'user77',
  'Pair1234',
  'Other5678',
  'Query4567',
  '%2B',
  'M2NyZXQ',
  'dXNlcjc3',
  'UzNjcmV0',
  'TM2NyZX',
];
const echoes: readonly string[] = [
  `Bearer ${secret}`,
  secret,
  encodeURIComponent(secret),
  encodeURIComponent(secret).toLowerCase(),
  'S3cret\\/+Value',
  'S3cret/&#43;Value',
  base64(secret),
  base64(`user77:${secret}`),
  base64(`Bearer ${secret}`),
  base64(`a user77:${secret} b`),
  base64(`ab user77:${secret} c`),
  Buffer.from(secret).toString('base64url'),
  'Pair1234 and Other5678',
  'GET /?key=Query4567&flag',
  'user77',
  `${'x'.repeat(4096 - 9)}${secret}`.replaceAll('x', ' '),
];

export function pushAnswers(way: Way): void {
  const test = (name: string, body: (t: TestContext) => Promise<void>) => nodeTest(`${way.name}: ${name}`, body);
  const start = (t: TestContext, over: PushOptions) => startPushing(t, smallStore().store.view, { ...way.options, ...over });

  test('the exporter says who it is, its language and its version', async (t) => {
    const { url, pushes } = await capture(t);
    const { push } = start(t, { endpoint: url });
    await push.flush();
    const ours = /^Meterbridge-OTLP-Exporter-JavaScript\/\d+\.\d+\.\d+$/;
    const stock = /^Meterbridge\/\d+\.\d+\.\d+ OTel-OTLP-Exporter-JavaScript\/\d+\.\d+\.\d+$/;
    assert.match(pushes[0]?.headers['user-agent'] ?? '', way.options.exporter === 'sdk' ? stock : ours);
  });

  for (const [name, answer, line] of taken) {
    test(`a push that is answered with ${name} is taken, ${line === undefined ? 'without a word' : 'with a line'}`, async (t) => {
      const receiver = await capture(t);
      receiver.answer(answer);
      const noise = diagnostics(t);
      const { push, lines } = start(t, { endpoint: receiver.url });
      for (let n = 0; n < 2; n++) assert.equal(await push.flush(), true);
      assert.equal(receiver.pushes.length, 2);
      if (line === undefined) assert.deepEqual(lines, []);
      else {
        assert.equal(lines.length, 1, lines.join('\n'));
        assert.match(lines[0] ?? '', line);
      }
      assert.deepEqual(noise, []);
    });
  }

  test('an answer without end costs neither memory nor the push', async (t) => {
    const receiver = await capture(t);
    receiver.answer({ status: 500, body: 'x'.repeat(20_000_000) });
    const { push, lines } = start(t, { endpoint: receiver.url });
    assert.equal(await push.flush(), false);
    assert.match(lines[0] ?? '', /failed: 500 Internal Server Error, "x+…"/);
    assert.ok((lines[0] ?? '').length < 500);
  });

  test('no secret that a server echoes reaches a log, in whatever form', async (t) => {
    const receiver = await capture(t);
    const noise = diagnostics(t);
    for (const echo of echoes) {
      const said = JSON.stringify(`seen ${echo}`);
      const answers: Answer[] = [
        { status: 401, body: `seen ${echo}` },
        { status: 401, body: `{"code":16,"message":${said}}` },
        { status: 401, body: `{"error":${said}}`.replaceAll('+', '\\u002B') },
        { status: 401, reason: `seen ${echo.trim()}` },
        { status: 200, body: `{"partialSuccess":{"rejectedDataPoints":"1","errorMessage":${said}}}` },
        { status: 200, headers: html, body: `seen ${echo}` },
        { status: 200, headers: { 'content-type': `text/${echo.trim()}` }, body: 'seen' },
      ];
      for (const answer of answers) {
        receiver.answer(answer);
        const { push, lines } = start(t, { ...options, metricsEndpoint: address(receiver.url) });
        await push.flush();
        await push.close(1);
        assert.equal(lines.length, 1, lines.join('\n'));
        assert.match(lines[0] ?? '', /seen/);
        for (const part of hidden) assert.ok(!lines[0]?.includes(part), `${part} of ${echo.trim()} in: ${lines[0]}`);
      }
    }
    assert.deepEqual(noise, []);
  });

  test('marks that turn the direction of writing do not come from a server into a line', async (t) => {
    const receiver = await capture(t);
    receiver.answer({ status: 500, body: 'a\u202eb\u2066c\u200bd\u0085e' });
    const { push, lines } = start(t, { endpoint: receiver.url });
    await push.flush();
    assert.match(lines[0] ?? '', /"a b c d e"/);
  });

  test("a flush waits as long as its push may take, beyond close's 5 s", async (t) => {
    const receiver = await capture(t);
    const { push } = startPushing(
      t,
      smallStore().store.view,
      { ...way.options, endpoint: receiver.url, timeoutMs: 20_000 },
      undefined,
      false,
    );
    await push.flush();
    receiver.answer(undefined);
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const flushed = push.flush();
    const end = performance.now() + DEADLINE_MS;
    while (receiver.pushes.length < 2 && performance.now() < end) await new Promise(setImmediate);
    t.mock.timers.tick(7_000);
    receiver.answerNow({ status: 200 });
    assert.equal(await flushed, true);
    t.mock.timers.reset();
    receiver.answer({ status: 200 });
  });

  test('Retry-After holds across pushes, and the last one does not wait for it', async (t) => {
    const receiver = await capture(t);
    receiver.answer({ status: 429, headers: { 'retry-after': '3600' } });
    const { push, lines, events } = start(t, { endpoint: receiver.url });
    for (let n = 0; n < 3; n++) assert.equal(await push.flush(), false);
    assert.deepEqual([receiver.pushes.length, lines.length, events.length], [1, 1, 1]);
    receiver.answer({ status: 200 });
    await push.close(DEADLINE_MS);
    assert.equal(receiver.pushes.length, 2);
    assert.equal(events.at(-1)?.outcome, 'success');
  });

  test('pushes at the interval wait for the time that Retry-After names', async (t) => {
    const receiver = await capture(t);
    receiver.answer({ status: 503, headers: { 'retry-after': '2' } });
    const { lines } = start(t, { endpoint: receiver.url, intervalMs: 100, timeoutMs: 100 });
    // On a busy machine an answer may come too late to count.
    await until(() => lines.some((line) => line.includes('503')));
    const answered = receiver.pushes.length;
    receiver.answer({ status: 200 });
    await until(() => receiver.pushes.length >= answered + 2);
    const [before, after] = receiver.pushes.slice(answered - 1).map(({ atMs }) => atMs) as [number, number];
    assert.ok(after - before >= 1_900, `${after - before} ms`);
  });

  for (const retryAfter of ['0', '-5', 'Sun, 06 Nov 1994 08:49:37 GMT', 'soon']) {
    test(`Retry-After: ${retryAfter} is followed by the usual pause`, async (t) => {
      const receiver = await capture(t);
      receiver.answer({ status: 429, headers: { 'retry-after': retryAfter } });
      const { push } = start(t, { endpoint: receiver.url });
      const flushed = push.flush();
      await until(() => receiver.pushes.length >= 1);
      receiver.answer({ status: 200 });
      assert.equal(await flushed, true);
      const [first, second] = receiver.pushes.map(({ atMs }) => atMs) as [number, number];
      // 1 s, give or take a fifth.
      assert.ok(second - first >= 790, `${second - first} ms`);
    });
  }
}

/** What the host's diagnostics get. */
function diagnostics(t: TestContext): unknown[][] {
  const noise: unknown[][] = [];
  const note = (...words: unknown[]) => void noise.push(words);
  const quiet = () => {};
  const logger: DiagLogger = { error: note, warn: note, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  t.after(() => diag.disable());
  return noise;
}
