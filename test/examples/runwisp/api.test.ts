import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../../../examples/runwisp/api.ts';
import type { RunwispConfig, TaskConfig } from '../../../examples/runwisp/config.ts';

const weird = { name: 'weird"task\\name / 2', kind: 'task' } as TaskConfig;

function api(changes: Partial<RunwispConfig>) {
  const lines: string[] = [];
  const started: string[] = [];
  const config = { token: 't', trustProxy: [], tasks: [weird], ...changes } as unknown as RunwispConfig;
  const supervisor = { start: ({ name }: { name: string }) => started.push(name) } as never;
  const app = createApi(config, supervisor, 0, (line) => lines.push(line));
  const run = (headers: Record<string, string>, remoteAddress = '192.0.2.1') =>
    app.inject({
      method: 'POST',
      url: `/api/tasks/${encodeURIComponent(weird.name)}/run`,
      headers,
      remoteAddress,
      payload: 'a body',
    });
  return { app, lines, started, run };
}

const forwarded = { authorization: 'Bearer t', 'content-type': 'text/css', 'x-forwarded-for': '203.0.113.9, 10.0.0.7' };
const clients: [name: string, trustProxy: readonly string[], peer: string, client: string][] = [
  ['nobody is trusted', [], '10.0.0.7', '10.0.0.7'],
  ['the peer is not trusted', ['10.0.0.0/8'], '192.0.2.1', '192.0.2.1'],
  ['the peer and one hop are trusted', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.9'],
  ['every hop is trusted: the left-most', ['10.0.0.0/8', '203.0.113.9'], '10.0.0.1', '203.0.113.9'],
];
for (const [name, trustProxy, peer, client] of clients) {
  test(`client address: ${name}`, async () => {
    const { run, lines } = api({ trustProxy });
    assert.equal((await run(forwarded, peer)).statusCode, 202);
    assert.deepEqual(
      lines.map((line) => line.split(' ')[0]),
      [client],
    );
  });
}

test('a task with any name is started, and the answer has its run', async () => {
  const { run, started } = api({});
  const answer = await run({ authorization: 'Bearer t' });
  assert.deepEqual(answer.json(), { task: weird.name, run: 1 });
  assert.deepEqual(started, [weird.name]);
});

test('without a token in the configuration no request starts a task', async () => {
  const { run, started, lines } = api({ token: undefined });
  assert.equal((await run({ authorization: 'Bearer undefined' })).statusCode, 401);
  assert.equal((await run({})).statusCode, 401);
  assert.deepEqual(started, []);
  assert.ok(lines.every((line) => line.endsWith(' 401')));
});

test('the token is never logged', async () => {
  const { run, lines } = api({});
  await run({ authorization: 'Bearer s3cret' });
  assert.doesNotMatch(lines.join('\n'), /s3cret/);
});
