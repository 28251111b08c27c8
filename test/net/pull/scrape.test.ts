import assert from 'node:assert/strict';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { ExpositionFormat } from '../../../src/formats/exposition/format.ts';
import type { Rendering, TooLarge } from '../../../src/formats/exposition/write/rendering.ts';
import type { Reply, RequestFacts } from '../../../src/net/http/exchange.ts';
import { createScrape, type ScrapeEvent, type ScrapeOptions } from '../../../src/net/pull/scrape.ts';

function request(headers: Readonly<Record<string, string>> = {}, method = 'GET'): RequestFacts {
  return { method, path: '/metrics', query: new URLSearchParams(), header: (name) => headers[name], peer: '127.0.0.1' };
}

function rendering(text: string, more: Partial<Rendering> = {}): Rendering {
  return {
    body: new TextEncoder().encode(text),
    series: 1,
    stale: [],
    unknown: [],
    omitted: [],
    oldestMs: 0,
    release: () => {},
    ...more,
  };
}

interface Setup {
  readonly scrape: (facts: RequestFacts) => Promise<Reply> | Reply;
  readonly events: ScrapeEvent[];
  readonly calls: { refreshed: number; rendered: ExpositionFormat[] };
}

function setup(
  options: Partial<ScrapeOptions> = {},
  render: (format: ExpositionFormat) => Promise<Rendering | TooLarge> = async (format) => rendering(`a 1\n# ${format}\n`),
): Setup {
  const events: ScrapeEvent[] = [];
  const calls: Setup['calls'] = { refreshed: 0, rendered: [] };
  const scrape = createScrape({
    renderer: {
      render(format) {
        calls.rendered.push(format);
        return render(format);
      },
      takeRemarks: () => [],
    },
    refresh: async () => {
      calls.refreshed += 1;
    },
    defaultFormat: 'openmetrics',
    onStale: 'omit',
    onScrape: (event) => events.push(event),
    clock: () => 0,
    ...options,
  });
  return { scrape, events, calls };
}

const textOf = (reply: Reply): string => new TextDecoder().decode(reply.body);
const outcomes = (events: readonly ScrapeEvent[]): string[] => events.map((event) => event.outcome);
/** Lets everything run that waits for nothing but promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = (): Promise<never> => new Promise(() => {});
const asText = { accept: 'text/plain' };

test('GET collects, renders and says what came of it', async () => {
  let now = 1_000;
  const { scrape, events, calls } = setup({ clock: () => (now += 250) });
  const reply = await scrape(request());
  assert.equal(reply.status, 200);
  assert.equal(textOf(reply), 'a 1\n# openmetrics\n');
  assert.deepEqual(reply.headers, {
    'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    vary: 'Accept, Accept-Encoding',
  });
  assert.deepEqual(calls, { refreshed: 1, rendered: ['openmetrics'] });
  assert.deepEqual(events, [{ outcome: 'success', seconds: 0.25, series: 1, bytes: 18 }]);
});

test('the client’s format wins over the default', async () => {
  const reply = await setup().scrape(request(asText));
  assert.equal(reply.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(textOf(reply), 'a 1\n# text\n');
});

test('HEAD has the headers of GET and collects nothing', async () => {
  const { scrape, events, calls } = setup();
  const head = await scrape(request({}, 'HEAD'));
  assert.equal(head.body.byteLength, 0);
  assert.deepEqual([calls, events], [{ refreshed: 0, rendered: [] }, []]);
  const get = await scrape(request());
  assert.deepEqual([head.status, head.headers], [get.status, get.headers]);
});

for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'get']) {
  test(`${method} is not allowed`, async () => {
    const { scrape, events, calls } = setup();
    const reply = await scrape(request({}, method));
    assert.deepEqual([reply.status, reply.headers.allow, calls.refreshed, events.length], [405, 'GET, HEAD', 0, 0]);
  });
}

test('two scrapes in a row compute twice', async () => {
  const { scrape, calls } = setup();
  await scrape(request());
  await scrape(request());
  assert.deepEqual(calls, { refreshed: 2, rendered: ['openmetrics', 'openmetrics'] });
});

test('simultaneous scrapes of a format share refresh, rendering and compressed body', async () => {
  const gate = Promise.withResolvers<void>();
  const { scrape, calls, events } = setup({}, async () => {
    await gate.promise;
    return rendering('a 1\n'.repeat(1000));
  });
  const gzip = { 'accept-encoding': 'gzip' };
  const replies = [scrape(request()), scrape(request(gzip)), scrape(request(gzip)), scrape(request(asText))];
  await settle();
  gate.resolve();
  const [plain, first, second, text] = await Promise.all(replies);
  assert.ok(plain && first && second && text);
  assert.deepEqual(calls, { refreshed: 2, rendered: ['openmetrics', 'text'] });
  assert.equal(first.body, second.body);
  assert.deepEqual(new Uint8Array(gunzipSync(first.body)), plain.body);
  assert.deepEqual(outcomes(events), ['success', 'success', 'success', 'success']);
});

test('more distinct renderings than allowed: 503, and later served again', async () => {
  const gate = Promise.withResolvers<Rendering>();
  const { scrape, events } = setup({ maxRenderings: 1 }, () => gate.promise);
  const first = scrape(request());
  await settle();
  const busy = await scrape(request(asText));
  assert.deepEqual([busy.status, busy.headers['retry-after']], [503, '1']);
  const joined = scrape(request());
  gate.resolve(rendering('a 1\n'));
  assert.deepEqual([(await first).status, (await joined).status], [200, 200]);
  assert.equal((await scrape(request(asText))).status, 200);
  assert.deepEqual(outcomes(events), ['busy', 'success', 'success', 'success']);
});

test('a rendering that hangs is called off at the deadline: 504, and its place is free again', async () => {
  let signal: AbortSignal | undefined;
  let hang = true;
  const { scrape, events } = setup({
    maxRenderings: 1,
    deadlineMs: 1,
    refresh: (call) => {
      signal = call.signal;
      return hang ? never() : Promise.resolve();
    },
  });
  const reply = await scrape(request());
  assert.equal(reply.status, 504);
  assert.equal(signal?.aborted, true);
  hang = false;
  // Another format: with the first one still under way it would be 503.
  assert.notEqual((await scrape(request(asText))).status, 503);
  assert.equal(events[0]?.outcome, 'timeout');
});

test('the deadline of one passenger leaves the flight to the others', async () => {
  const gate = Promise.withResolvers<Rendering>();
  const { scrape, events } = setup({}, () => gate.promise);
  const patient = scrape(request());
  const hasty = await scrape(request({ 'x-prometheus-scrape-timeout-seconds': '0.001' }));
  assert.equal(hasty.status, 504);
  gate.resolve(rendering('a 1\n'));
  assert.equal((await patient).status, 200);
  assert.deepEqual(outcomes(events), ['timeout', 'success']);
});

test('a scrape after a called-off one starts anew', async () => {
  const { scrape, calls } = setup({}, () => (calls.rendered.length === 1 ? never() : Promise.resolve(rendering('a 1\n'))));
  assert.equal((await scrape(request({ 'x-prometheus-scrape-timeout-seconds': '0.001' }))).status, 504);
  assert.equal((await scrape(request())).status, 200);
});

test('too large: 500, not a byte of it', async () => {
  let limit: number | undefined;
  const events: ScrapeEvent[] = [];
  const scrape = createScrape({
    renderer: {
      async render(_format, options) {
        limit = options?.maxBytes;
        return { tooLarge: true };
      },
      takeRemarks: () => [],
    },
    refresh: async () => {},
    defaultFormat: 'text',
    onStale: 'omit',
    onScrape: (event) => events.push(event),
  });
  const reply = await scrape(request());
  assert.equal(reply.status, 500);
  assert.ok(reply.body.byteLength < 100);
  assert.equal(limit, 64 * 1024 * 1024);
  assert.deepEqual(outcomes(events), ['too_large']);
});

for (const missing of [{ stale: ['a'] }, { unknown: ['a'] }]) {
  test(`families without good values, ${Object.keys(missing)}`, async () => {
    const omit = setup({ onStale: 'omit' }, async () => rendering('', missing));
    assert.equal((await omit.scrape(request())).status, 200);
    const fail = setup({ onStale: 'fail' }, async () => rendering('', missing));
    assert.equal((await fail.scrape(request())).status, 500);
    assert.deepEqual(outcomes(fail.events), ['stale']);
  });
}

for (const [name, options, render] of [
  ['refresh rejects', { refresh: () => Promise.reject(new Error('secret')) }, undefined],
  [
    'refresh throws',
    {
      refresh: () => {
        throw new Error('secret');
      },
    },
    undefined,
  ],
  ['rendering rejects', {}, () => Promise.reject(new Error('secret'))],
  [
    'a source has a time-out of its own',
    { refresh: () => Promise.reject(new DOMException('secret', 'TimeoutError')) },
    undefined,
  ],
] as const) {
  test(`failed: ${name}; nothing of the error is told`, async () => {
    const { scrape, events } = setup(options, render);
    const reply = await scrape(request());
    assert.equal(reply.status, 500);
    assert.equal(reply.headers['content-type'], 'text/plain; charset=utf-8');
    assert.doesNotMatch(textOf(reply), /secret/);
    assert.deepEqual(outcomes(events), ['failed']);
  });
}

test('an observer that throws does not cost the scrape', async () => {
  const { scrape } = setup({
    onScrape: () => {
      throw new Error('observer');
    },
  });
  assert.equal((await scrape(request())).status, 200);
});

for (const [name, acceptEncoding, length, encoded] of [
  ['gzip asked for', 'gzip', 1024, true],
  ['gzip among others', 'deflate, br;q=1, gzip;q=0.5', 1024, true],
  ['any encoding', '*', 1024, true],
  ['not worth it', 'gzip', 1023, false],
  ['not asked for', undefined, 4096, false],
  ['only others', 'br, zstd', 4096, false],
  ['refused', 'gzip;q=0, *', 4096, false],
  ['identity liked better', 'gzip;q=0.5, identity', 4096, false],
] as const) {
  test(`compression: ${name}`, async () => {
    const { scrape, events } = setup({}, async () => rendering('x'.repeat(length)));
    const reply = await scrape(request(acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }));
    assert.equal(reply.headers['content-encoding'], encoded ? 'gzip' : undefined);
    assert.equal((encoded ? gunzipSync(reply.body) : Buffer.from(reply.body)).toString(), 'x'.repeat(length));
    assert.equal(reply.headers.vary, 'Accept, Accept-Encoding');
    assert.equal(events[0]?.bytes, reply.body.byteLength);
  });
}
