/** `tls` and `auth` of otlp_http, between two services in this process. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hashSync } from 'bcryptjs';
import { certificates } from '../../../net/web-config/good-cases.ts';
import { until } from '../../../until.ts';
import { noOwnMetrics, startFrom } from '../../graph/rig.ts';
import { send } from '../../receivers/otlp/http-client.ts';
import { request } from '../../receivers/otlp/receiver.ts';

const folder = fileURLToPath(certificates);
const pair = (name: string) => `cert_file: '${folder}${name}.pem', key_file: '${folder}${name}.key.pem'`;
const users = `ada:${hashSync('right', 4)}`.replaceAll('$', '$$$$');

async function forwarded(
  t: Parameters<typeof startFrom>[0],
  client: string,
  extension: string,
): Promise<{ log: string; page: string }> {
  const far = await startFrom(
    t,
    `
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:0', auth: {authenticator: AUTH}, tls: {${pair('server')}, client_ca_file: '${folder}authority.pem'}}}}}
exporters: {prometheus: {endpoint: '127.0.0.1:0'}}
extensions: {basicauth: {htpasswd: {inline: '${users}'}}, bearertokenauth: {token: one}}
service: {${noOwnMetrics}, extensions: [basicauth, bearertokenauth], pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}`.replace(
      'AUTH',
      extension.startsWith('basicauth') ? 'basicauth' : 'bearertokenauth',
    ),
  );
  const url = (mark: RegExp) => far.urls().find((one) => mark.test(one)) ?? '';
  const near = await startFrom(
    t,
    `
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:0'}}}}
exporters: {otlp_http: {endpoint: '${new URL(url(/v1/)).origin}', auth: {authenticator: ${extension.split(':')[0]}}, tls: {${client}}, retry_on_failure: {enabled: false}}}
extensions: {${extension}}
service: {${noOwnMetrics}, extensions: [${extension.split(':')[0]}], pipelines: {metrics: {receivers: [otlp], exporters: [otlp_http]}}}`,
  );
  await send(new URL(near.urls()[0] ?? '').host, { headers: { 'content-type': 'application/x-protobuf' }, body: request(1) });
  const page = async () => (await fetch(url(/[0-9]\/metrics$/))).text();
  await until('it arrives or is refused', async () => /^m(_ratio)?\{/m.test(await page()) || /warn|error/.test(near.log()));
  return { log: near.log(), page: await page() };
}

const ca = `ca_file: '${folder}authority.pem'`;
const right = `${ca}, ${pair('client')}`;

for (const [what, client, extension, arrives] of [
  ['a right token', right, 'bearertokenauth: {token: one}', true],
  ['a wrong token', right, 'bearertokenauth: {token: two}', false],
  ['a right password', right, 'basicauth: {client_auth: {username: ada, password: right}}', true],
  ['a wrong password', right, 'basicauth: {client_auth: {username: ada, password: wrong}}', false],
  ['no certificate', ca, 'bearertokenauth: {token: one}', false],
  ['a foreign certificate', `${ca}, ${pair('other-client')}`, 'bearertokenauth: {token: one}', false],
  ['another authority', pair('client'), 'bearertokenauth: {token: one}', false],
] as const)
  test(what, async (t) => {
    const { page, log } = await forwarded(t, client, extension);
    assert.equal(/^m(_ratio)?\{/m.test(page), arrives, log);
    assert.doesNotMatch(log, /\btwo\b|d3Jvbmc|wrong/, 'no secret in the log');
  });
