import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { type Environment, resolveResticManagerMetrics } from '../../../instrumentation/restic-manager/index.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';
import { file, folder } from './token-file.ts';

const bad: [string, Record<string, unknown>, Environment, RegExp[]][] = [
  ['an empty token', {}, { RM_METRICS_TOKEN: '' }, [/^RM_METRICS_TOKEN: got ""; .*at least one character/]],
  ['a token with a line end', {}, { RM_METRICS_TOKEN: 's3cret\n' }, [/^RM_METRICS_TOKEN: got \[redacted\]; .*white space/]],
  ['a token that is a number', { metrics_token: 12_345 }, {}, [/^metrics_token: got number; .*string.*quotes/]],
  ['an empty token in YAML', { metrics_token: '' }, {}, [/^metrics_token: got ""/]],
  ['a token key without a value', { metrics_token: null }, {}, [/^metrics_token: got object; /]],
  [
    'a token and a file of it',
    {},
    { RM_METRICS_TOKEN: 's3cret', RM_METRICS_TOKEN_FILE: file('both', 's3cret') },
    [/^RM_METRICS_TOKEN_FILE: got RM_METRICS_TOKEN as well; .*one of the two\. Fix: unset one/],
  ],
  [
    'a token file that is not there',
    {},
    { RM_METRICS_TOKEN_FILE: '/nowhere/token' },
    [/^RM_METRICS_TOKEN_FILE: got "\/nowhere\/token", a file that cannot be read \(ENOENT\)/],
  ],
  [
    'a token file that is empty',
    {},
    { RM_METRICS_TOKEN_FILE: file('empty', '\n') },
    [/^RM_METRICS_TOKEN_FILE: got ".*empty"; .*at least one character/],
  ],
  [
    'a token file with two lines',
    {},
    { RM_METRICS_TOKEN_FILE: file('two', 's3cret\nb') },
    [/^RM_METRICS_TOKEN_FILE: got ".*two"; .*white space/],
  ],
  ['a token file that is a folder', {}, { RM_METRICS_TOKEN_FILE: folder }, [/^RM_METRICS_TOKEN_FILE: .*regular file/]],
  ['an empty path', {}, { RM_METRICS_TOKEN_FILE: '' }, [/^RM_METRICS_TOKEN_FILE: got ""; .*path of a file/]],
  [
    'a bare address',
    {},
    { RM_METRICS_TRUSTED_CIDR: '10.0.0.1' },
    [/^RM_METRICS_TRUSTED_CIDR: got "10\.0\.0\.1"; .*write 10\.0\.0\.1\/32/],
  ],
  ['a bare IPv6 address', { metrics_trusted_cidrs: ['::1'] }, {}, [/^metrics_trusted_cidrs: got "::1"; .*write ::1\/128/]],
  [
    'a prefix too long',
    {},
    { RM_METRICS_TRUSTED_CIDR: '10.0.0.0/33' },
    [/^RM_METRICS_TRUSTED_CIDR: got "10\.0\.0\.0\/33"; .*32/],
  ],
  ['a name', {}, { RM_METRICS_TRUSTED_CIDR: '10.0.0.0/8,prometheus' }, [/^RM_METRICS_TRUSTED_CIDR: got "prometheus"/]],
  ['a list that ends in a comma', {}, { RM_METRICS_TRUSTED_CIDR: '10.0.0.0/8,' }, [/^RM_METRICS_TRUSTED_CIDR: got ""/]],
  ['an empty list', {}, { RM_METRICS_TRUSTED_CIDR: '' }, [/^RM_METRICS_TRUSTED_CIDR: got ""/]],
  ['an empty list in YAML', { metrics_trusted_cidrs: [] }, {}, [/^metrics_trusted_cidrs: got \[\]; .*at least one range/]],
  [
    'a text in place of a list',
    { metrics_trusted_cidrs: '10.0.0.0/8' },
    {},
    [/^metrics_trusted_cidrs: got "10\.0\.0\.0\/8"; it is a list/],
  ],
  ['a list of another type', { metrics_trusted_cidrs: [10] }, {}, [/^metrics_trusted_cidrs: got 10; /]],
  [
    'a proxy that is a bare address',
    {},
    { RM_TRUSTED_PROXY: '10.0.0.1' },
    [/^RM_TRUSTED_PROXY: got "10\.0\.0\.1"; .*10\.0\.0\.1\/32/],
  ],
  [
    'an unknown key',
    { metrics_tokn: 's3cret' },
    {},
    [/^metrics_tokn: got a string; unknown key\. Fix: use one of metrics_token, metrics_trusted_cidrs/],
  ],
  [
    'a value of the file that the environment hides',
    { metrics_token: 5 },
    { RM_METRICS_TOKEN: 'a' },
    [/^metrics_token: got number/],
  ],
  [
    'everything at once',
    { metrics_path: '/m', metrics_token: 's3cret token', metrics_trusted_cidrs: ['10.0.0.1', '10.0.0.0/8', 'x'] },
    { RM_METRICS_TOKEN: 's3cret\t', RM_METRICS_TRUSTED_CIDR: '::/129', RM_TRUSTED_PROXY: 'proxy' },
    [
      /^metrics_path: /,
      /^metrics_token: got \[redacted\]/,
      /^RM_METRICS_TOKEN: got \[redacted\]/,
      /^metrics_trusted_cidrs: got "10\.0\.0\.1"/,
      /^metrics_trusted_cidrs: got "x"/,
      /^RM_METRICS_TRUSTED_CIDR: got "::\/129"/,
      /^RM_TRUSTED_PROXY: got "proxy"/,
    ],
  ],
];

for (const [name, yaml, env, messages] of bad) {
  test(`configuration error: ${name}`, () => {
    assertRefused(() => resolveResticManagerMetrics(yaml, env), messages, /s3cret/);
  });
}

test('neither gate: no access, whatever else is set', () => {
  assert.deepEqual(resolveResticManagerMetrics({ listen: ':8080' }, { RM_TRUSTED_PROXY: '10.0.0.0/8' }), { access: undefined });
});

test('a token is shown nowhere', () => {
  const config = resolveResticManagerMetrics({ metrics_token: 's3cret' }, {});
  assert.doesNotMatch(`${JSON.stringify(config)}${inspect(config, { depth: 9 })}`, /s3cret/);
});
