import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Handler } from '../../../src/net/http/exchange.ts';
import { fetchHandler } from '../../../src/net/http/fetch.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { routed } from '../../../src/net/http/routes.ts';

const says =
  (text: string): Handler =>
  () =>
    plainReply(200, text);

async function ask(handler: Handler, target: string): Promise<string> {
  const reply = await fetchHandler(handler)(new Request(`http://h${target}`));
  return `${reply.status} ${(await reply.text()).trimEnd()}`;
}

const site = { '/metrics': says('metrics'), '/v1/metrics': says('received'), '/': says('root') };

for (const [target, answer] of [
  ['/metrics', '200 metrics'],
  ['/metrics?format=json', '200 metrics'],
  ['/v1/metrics', '200 received'],
  ['/', '200 root'],
  ['/metrics/', '404 not found'],
  ['/Metrics', '404 not found'],
  ['/%6Detrics', '404 not found'],
  ['//metrics', '404 not found'],
  ['/__proto__', '404 not found'],
  ['/constructor', '404 not found'],
] as const) {
  test(`${target}: ${answer}`, async () => assert.equal(await ask(routed(site), target), answer));
}

test('what has no route goes to another handler, if there is one', async () => {
  assert.equal(await ask(routed(site, says('other')), '/none'), '200 other');
  assert.equal(await ask(routed({}, says('other')), '/constructor'), '200 other');
});
