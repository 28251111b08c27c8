import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { loadConfig } from '../../../examples/crewshipd/config.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';

test('defaults', () => {
  const { host, port, data, maxRuns, token, metrics } = loadConfig([], {});
  assert.deepEqual({ host, port, maxRuns, token }, { host: '127.0.0.1', port: 8080, maxRuns: 8, token: undefined });
  assert.match(data, /examples\/crewshipd\/\.crewship$/);
  assert.equal(metrics.access.gate.type, 'loopback');
});

test('every variable', () => {
  const config = loadConfig([], {
    CREWSHIP_HOST: '::1',
    CREWSHIP_PORT: '0',
    CREWSHIP_DATA_DIR: '/var/lib/crewship/',
    CREWSHIP_MAX_CONCURRENT_RUNS: '2',
    CREWSHIP_INTERNAL_TOKEN: 'int3rnal',
    CREWSHIP_METRICS_TOKEN: 'm3trics',
    CREWSHIP_TRUSTED_PROXY_CIDRS: '10.0.0.0/8, 2001:db8::/32',
    CREWSHIP_LOG_LEVEL: 'debug', // another one of the host's own
  });
  const { host, port, data, maxRuns, metrics } = config;
  assert.deepEqual({ host, port, data, maxRuns }, { host: '::1', port: 0, data: '/var/lib/crewship', maxRuns: 2 });
  assert.equal(metrics.access.gate.type, 'anyOf');
  assert.deepEqual(metrics.access.proxies?.trusted, ['10.0.0.0/8', '2001:db8::/32']);
  assert.doesNotMatch(inspect(config, { depth: 9 }) + JSON.stringify(config), /int3rnal|m3trics/);
});

const bad: [name: string, env: Record<string, string>, messages: RegExp[]][] = [
  ['an empty host, which would be all interfaces', { CREWSHIP_HOST: '' }, [/^CREWSHIP_HOST: got ""; .*not empty/]],
  ['a port above 65535', { CREWSHIP_PORT: '65536' }, [/^CREWSHIP_PORT: got 65536; .*65535.*8080/]],
  ['a port that is no number', { CREWSHIP_PORT: '1e3' }, [/^CREWSHIP_PORT: got "1e3"/]],
  ['an empty folder', { CREWSHIP_DATA_DIR: ' ' }, [/^CREWSHIP_DATA_DIR: got " "/]],
  ['no run at a time', { CREWSHIP_MAX_CONCURRENT_RUNS: '0' }, [/^CREWSHIP_MAX_CONCURRENT_RUNS: got 0; .*above 0/]],
  ['runs that are no number', { CREWSHIP_MAX_CONCURRENT_RUNS: '-1' }, [/^CREWSHIP_MAX_CONCURRENT_RUNS: got "-1"/]],
  [
    'an internal token that no header can carry',
    { CREWSHIP_INTERNAL_TOKEN: 's3 cret' },
    [/^CREWSHIP_INTERNAL_TOKEN: got \[redacted\]/],
  ],
  ['an empty internal token', { CREWSHIP_INTERNAL_TOKEN: '' }, [/^CREWSHIP_INTERNAL_TOKEN: got ""/]],
  [
    "everything at once, the endpoint's variables included",
    {
      CREWSHIP_HOST: '',
      CREWSHIP_PORT: 'x',
      CREWSHIP_DATA_DIR: '',
      CREWSHIP_MAX_CONCURRENT_RUNS: 'many',
      CREWSHIP_INTERNAL_TOKEN: 's3 cret',
      CREWSHIP_METRICS_TOKEN: 's3 cret',
      CREWSHIP_TRUSTED_PROXY_CIDRS: '10.0.0.1',
    },
    [
      /^CREWSHIP_HOST: /,
      /^CREWSHIP_PORT: /,
      /^CREWSHIP_DATA_DIR: /,
      /^CREWSHIP_MAX_CONCURRENT_RUNS: /,
      /^CREWSHIP_INTERNAL_TOKEN: got \[redacted\]/,
      /^CREWSHIP_METRICS_TOKEN: got \[redacted\]/,
      /^CREWSHIP_TRUSTED_PROXY_CIDRS: .*10\.0\.0\.1\/32/,
    ],
  ],
];

test('refused: a flag, of which it has none', () => {
  assertRefused(() => loadConfig(['--port', '1'], {}), [/^--port: got it; unknown flag/, /^arguments: got "1"/]);
});

for (const [name, env, messages] of bad) {
  test(`refused: ${name}`, () => {
    assertRefused(() => loadConfig([], env), messages, /s3/);
  });
}
