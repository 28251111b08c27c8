import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { contract, gauge } from '../../../src/core/contract/index.ts';
import type { Handler, Reply } from '../../../src/net/http/exchange.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { withFormats } from '../../../src/net/pull/formats.ts';
import { testBridge } from '../../../src/testing.ts';

const exposition: Handler = async () => plainReply(200, 'exposition');

async function asked(handler: Handler, query: string, method = 'GET'): Promise<Reply> {
  return handler({ method, path: '/metrics', query: new URLSearchParams(query), header: () => undefined, peer: undefined });
}

const text = ({ body }: Reply) => Buffer.from(body).toString();

for (const [method, query] of [
  ['GET', ''],
  ['GET', 'format='],
  ['GET', 'format=CSV'],
  ['GET', 'format=constructor'],
  ['GET', 'format=text&format=csv'],
  ['HEAD', 'format=csv'],
  ['POST', 'format=csv'],
] as const) {
  test(`${method} ?${query} is the handler's`, async () => {
    const handler = withFormats(exposition, { csv: () => assert.fail('nobody asked for it') });
    assert.equal(text(await asked(handler, query, method)), 'exposition\n');
  });
}

test('those who ask at the same time share one, and the next one is made anew', async () => {
  let made = 0;
  const handler = withFormats(exposition, { csv: async () => plainReply(200, `csv ${++made}`) });
  const both = await Promise.all([asked(handler, 'format=csv'), asked(handler, 'format=csv')]);
  assert.deepEqual([...both, await asked(handler, 'format=csv')].map(text), ['csv 1\n', 'csv 1\n', 'csv 2\n']);
});

test('what takes too long is 504, and is not made twice at a time', async () => {
  let made = 0;
  const slow = Promise.withResolvers<Reply>();
  const handler = withFormats(
    exposition,
    {
      csv: () => {
        made++;
        return slow.promise;
      },
    },
    5,
  );
  assert.equal((await asked(handler, 'format=csv')).status, 504);
  const [, last] = [slow.resolve(plainReply(200, 'csv')), await asked(handler, 'format=csv')];
  assert.deepEqual([last.status, made], [200, 1]);
});

const declared = contract('formats', { level: gauge({ observed: true, help: 'Level.' }) });
for (const thread of [false, true]) {
  const where = thread ? 'a thread of its own' : "the host's thread";

  async function listening(t: TestContext, csv: () => Promise<Reply>) {
    const { bridge, metrics } = testBridge(declared);
    t.after(() => bridge.close());
    metrics.level.observe(() => 7);
    return { url: (await bridge.listen('127.0.0.1:0', { thread, formats: { csv } })).url, bridge };
  }

  test(`a listener in ${where}: status, headers and body arrive, and the exposition stays`, async (t) => {
    const { url, bridge } = await listening(t, async () => {
      const [family] = await bridge.gather();
      const body = new TextEncoder().encode(`level,${family?.samples[0]?.value}`);
      return { status: 203, headers: { 'content-type': 'text/csv' }, body };
    });
    for (let times = 0; times < 2; times++) {
      const response = await fetch(`${url}?format=csv`);
      assert.deepEqual(
        [response.status, response.headers.get('content-type'), await response.text()],
        [203, 'text/csv', 'level,7'],
      );
    }
    assert.match(await (await fetch(url)).text(), /^formats_level 7$/m);
  });

  for (const [what, csv] of [
    ['rejects', () => Promise.reject(new Error('EIO /secret'))],
    [
      'throws',
      () => {
        throw new Error('EIO /secret');
      },
    ],
  ] as const) {
    test(`a listener in ${where}: one that ${what} is 500, and says nothing from inside`, async (t) => {
      const { url } = await listening(t, csv);
      for (let times = 0; times < 2; times++) {
        const response = await fetch(`${url}?format=csv`);
        assert.deepEqual([response.status, await response.text()], [500, 'the collection failed\n']);
      }
    });
  }
}
