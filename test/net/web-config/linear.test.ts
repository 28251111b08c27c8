/** Whatever a file holds, reading it takes time in proportion to its size. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseWebConfig } from '../../../src/net/web-config/parse.ts';
import { watchWebConfig } from '../../../src/net/web-config/watch.ts';
import { folderWith } from '../../examples/example.ts';
import { assertLinear } from '../../linear.ts';
import { rightHash } from './good-cases.ts';

const times = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

const texts: readonly (readonly [what: string, size: number, text: (size: number) => string])[] = [
  ['digits for an interval', 20_000, (size) => `rate_limit: {interval: ${'1'.repeat(size)}x, burst: 1}`],
  ['parts of an interval', 20_000, (size) => `rate_limit: {interval: ${'1s'.repeat(size)}x, burst: 1}`],
  ['users', 2_000, (size) => `basic_auth_users: {${times(size, (index) => `u${index}: ,`)}}`],
  ['unknown keys', 2_000, (size) => `{${times(size, (index) => `k${index}: ,`)}}`],
  ['a key again and again', 2_000, (size) => `{${'k: ,'.repeat(size)}}`],
  ['aliases', 1_000, (size) => `basic_auth_users: {a: &a ${rightHash}, ${times(size, (index) => `u${index}: *a,`)}}`],
  ['aliases of nothing', 1_000, (size) => `basic_auth_users: {${times(size, (index) => `u${index}: *a,`)}}`],
  ['anchors', 2_000, (size) => `basic_auth_users: {${times(size, (index) => `u${index}: &a${index} x,`)}}`],
  ['lists in lists', 500, (size) => '- '.repeat(size)],
  ['sections that are never closed', 500, (size) => '{a: '.repeat(size)],
];

for (const [what, size, text] of texts) {
  test(`${what}`, () =>
    assertLinear((length) => {
      const source = text(length);
      return () => parseWebConfig('web-config.yml', '/web-config.yml', source);
    }, size));
}

test('an alias means the last anchor above it, as in YAML 1.2.2, section 7.1', () => {
  const yaml = `rate_limit: {interval: &a 1s, burst: &a 5}\nhttp_server_config: {http2: &a off}\nbasic_auth_users: {*a : ${rightHash}}\n`;
  const result = parseWebConfig('web-config.yml', '/web-config.yml', yaml);
  assert.deepEqual(result.ok && [...result.config.users.keys()], ['off']);
});

test('a file of more than 65,536 bytes is refused, and a long value is not repeated', (t) => {
  const { folder } = folderWith(t, 'empty', '');
  const path = join(folder, 'web-config.yml');
  const open = () => watchWebConfig(path, { log: () => {} });
  writeFileSync(path, `#${'x'.repeat(65_535)}`);
  open();
  writeFileSync(path, `#${'x'.repeat(65_536)}`);
  assert.throws(open, /it has at most 65536 bytes/);
  writeFileSync(path, `rate_limit:\n  interval: ${'1'.repeat(60_000)}\n  burst: 1\n`);
  assert.throws(open, (error: Error) => /1…; it is a duration/.test(error.message) && error.message.length < 1_000);
});
