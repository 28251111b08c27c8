/** No secret of a configuration is in any answer of the page: in effect, on disk, in a reload that was wrong, or in an error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otlp, startWithPage, withPage } from './page.ts';

const secret = 'hunter2-correct-horse';
const other = 'hunter3-battery-staple';
const yaml = (value: string, more = '') =>
  withPage(
    `receivers: {otlp: ${otlp}}
exporters: {otlp_http: {endpoint: 'http://127.0.0.1:1/?key=${value}', headers: {x-token: ${value}}, auth: {authenticator: bearertokenauth}${more}}}`,
    '{metrics: {receivers: [otlp], exporters: [otlp_http]}}',
    "{endpoint: '127.0.0.1:0', response_headers: {x-own: hunter4-of-a-header}}",
    `bearertokenauth: {token: ${value}}`,
  );
const parts = [
  'status',
  'graph',
  'producers',
  'scrapers',
  'series',
  'labels',
  'refusals',
  'config',
  'extensions',
  'features',
  'tick',
];
const pages = ['', 'debug/servicez', 'debug/pipelinez', 'debug/extensionz', 'debug/featurez'];

test('secrets are in no answer, whatever happened', async (t) => {
  const page = await startWithPage(t, yaml(secret));
  const answers = async () => {
    const texts = [...parts.map((part) => `api/${part}`), ...pages].map(async (path) => {
      const response = await fetch(`${page.origin}/${path}`);
      assert.equal(response.status, 200, path);
      return response.text();
    });
    return (await Promise.all(texts)).join('\n');
  };
  assert.match(await answers(), /\[REDACTED\]/);
  for (const [to, outcome] of [
    [yaml(secret, `, timeout: ${other}`), 'wrong'],
    [yaml(secret, `, no_key: ${other}`), 'wrong'],
    [`receivers: {otlp: "${other}`, 'wrong'],
    [yaml(other), 'done'],
    [yaml(secret, ', timeout: 3s'), 'done'],
  ] as const) {
    assert.equal((await page.changeTo(to)).outcome, outcome, to);
    const text = await answers();
    for (const word of [secret, other]) assert.equal(text.includes(word), false, `${word} after ${to}`);
    assert.equal(text.includes('hunter4'), false);
  }
});

test('a secret that differs on disk is named by its component, and a change by its line', async (t) => {
  let now = Date.now();
  const page = await startWithPage(t, yaml(secret), { clock: () => now });
  assert.deepEqual((await page.get('config')).disk, { state: 'same' });
  page.write(yaml(other));
  now += 10_000;
  const { disk } = await page.get('config');
  assert.ok(disk.state === 'differs');
  assert.deepEqual(disk.secrets, ['exporter otlp_http', 'extension bearertokenauth']);
  assert.ok(disk.lines.every(({ what }) => what === 'same'));
  page.write(yaml(secret, ', timeout: 7s'));
  now += 10_000;
  const { disk: changed } = await page.get('config');
  assert.ok(changed.state === 'differs');
  assert.deepEqual(
    changed.lines.filter(({ what }) => what !== 'same'),
    [
      { what: 'removed', text: '    timeout: 30s' },
      { what: 'added', text: '    timeout: 7s' },
    ],
  );
  page.write('receivers: {nothing: {}}');
  now += 10_000;
  assert.equal((await page.get('config')).disk.state, 'wrong');
});
