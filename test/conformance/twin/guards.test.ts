/** CORS and credentials: both answer the same, or as listed. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { statusOf } from '../../service/receivers/otlp/answers.ts';
import { call, frame, session } from '../../service/receivers/otlp/grpc-client.ts';
import { type Sent, send } from '../../service/receivers/otlp/http-client.ts';
import { authCases, authYaml, corsCases, corsYaml, type GuardAnswer, type GuardCase } from './guards.ts';
import { askBoth, type Side, startTwin, type Twin } from './twin.ts';

const compared = /^(vary|access-control-.*|www-authenticate|x-own)$/;

async function ask({ http }: Side, sent: Sent): Promise<GuardAnswer> {
  const { status, headers, body } = await send(http, sent);
  const type = headers['content-type'] ?? '';
  const code = status >= 400 && /json|protobuf/.test(type) ? statusOf(type, body).code : undefined;
  return {
    status,
    code,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => compared.test(name))) as GuardAnswer['headers'],
  };
}

async function hold(t: TestContext, twin: Twin, cases: Readonly<Record<string, GuardCase>>): Promise<void> {
  for (const [title, { sent, differs }] of Object.entries(cases))
    await t.test(title, async () => {
      const { collector, service } = await askBoth(twin, (side) => ask(side, sent));
      if (differs === undefined) return assert.deepEqual(service, collector);
      assert.notDeepEqual(service, collector, 'no difference');
      assert.deepEqual(collector, { ...service, ...differs.collector });
      assert.deepEqual(service, { ...collector, ...differs.service });
    });
}

test('CORS and response headers', async (t) => {
  const twin = await startTwin(t, [corsYaml]);
  if (twin !== undefined) await hold(t, twin, corsCases);
});

for (const authenticator of ['basicauth', 'bearertokenauth'] as const)
  test(authenticator, async (t) => {
    const yaml = authYaml(hashSync('right', 4)).replaceAll('AUTHENTICATOR', authenticator);
    const twin = await startTwin(t, [yaml]);
    if (twin === undefined) return;
    await hold(t, twin, authCases[authenticator]);
    const right = authenticator === 'basicauth' ? `Basic ${Buffer.from('ada:right').toString('base64')}` : 'Bearer two';
    for (const [title, headers] of Object.entries({
      none: {},
      wrong: { authorization: `${right}x` },
      right: { authorization: right },
    }))
      await t.test(`${title}, over gRPC`, async (inner) => {
        const { collector, service } = await askBoth(twin, async ({ grpc }) => {
          const { status, grpcStatus } = await call(await session(inner, grpc), frame(new Uint8Array(0)), headers);
          return { status, grpcStatus };
        });
        assert.deepEqual(service, collector);
        assert.equal(service.grpcStatus, title === 'right' ? 0 : 16);
      });
  });
