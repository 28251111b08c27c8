import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '../../../examples/wasmrun/config.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';
import { folderWith } from '../example.ts';

/** SHA-256 of "test" and of "secret", as `sha256sum` prints them. */
const TEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const SECRET = '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';
const NONE = Number.POSITIVE_INFINITY;

test('defaults', () => {
  const { metrics, ...config } = loadConfig([], {});
  assert.deepEqual(config, {
    host: '127.0.0.1',
    port: 8_430,
    sessionTimeoutMs: 300_000,
    maxSessions: 100,
    maxConcurrentExec: 100,
    maxOutputBytes: 10_485_760,
    maxBodyBytes: 33_554_432,
    memoryCapPages: 4_096,
    verbose: false,
    rates: new Map(),
  });
  assert.equal(metrics.open, true);
});

test('flags, long and short; a flag wins over the environment; 0 is no limit', () => {
  const args = ['-P', '0', '-v', '--max-output=0.5', '--max-memory', '0', '--max-sessions', '0', '--host', '::1'];
  const env = {
    WASMRUN_AGENT_PORT: '1',
    WASMRUN_AGENT_TIMEOUT: '7',
    WASMRUN_AGENT_MAX_CONCURRENT_EXEC: '0',
    WASMRUN_AGENT_MAX_BODY: '2',
  };
  const { metrics: _, rates, ...config } = loadConfig(args, env);
  assert.deepEqual(config, {
    host: '::1',
    port: 0,
    sessionTimeoutMs: 7_000,
    maxSessions: NONE,
    maxConcurrentExec: NONE,
    maxOutputBytes: 524_288,
    maxBodyBytes: 2_097_152,
    memoryCapPages: null,
    verbose: true,
  });
});

const withAuth = (t: TestContext, toml: string) => ['--auth', folderWith(t, 'auth.toml', toml).file];
const tenant = (id: string, key: string, rest = '') => `[[tenants]]\nid = "${id}"\nkey_sha256 = "${key}"\n${rest}`;

test('the file of --auth: keys and rates; with it any host', (t) => {
  const toml = tenant('copilot', TEST) + tenant('ci', SECRET, '[tenants.rate]\nmax_requests_per_min = 600\n');
  const { metrics, rates, host } = loadConfig([...withAuth(t, toml), '--host', '0.0.0.0'], {});
  assert.equal(metrics.open, false);
  assert.deepEqual(rates, new Map([['ci', 600]]));
  assert.equal(host, '0.0.0.0');
});

const bad: [name: string, args: string[], messages: RegExp[], env?: Record<string, string>][] = [
  ['an unknown flag', ['--prot', '1'], [/^--prot: got it; unknown flag. Fix: use one of --host, --port/, /^arguments: got "1"/]],
  ['a word too many', ['start'], [/^arguments: got "start"/]],
  ['an empty host', ['--host', ''], [/^--host: got ""/]],
  [
    'a host beyond this machine without keys',
    ['--host', '0.0.0.0'],
    [/^--host: got "0\.0\.0\.0"; without authentication .*--auth/],
  ],
  ['the same in the environment', [], [/^WASMRUN_AGENT_HOST: got "10\.0\.0\.1"; without/], { WASMRUN_AGENT_HOST: '10.0.0.1' }],
  ['a port that is no number', ['--port', 'http'], [/^--port: got "http"; a port is/]],
  ['a port above 65535', ['--port', '65536'], [/^--port: got 65536/]],
  ['a port without a value', ['--port'], [/^--port: got true/]],
  ['a port in the environment', [], [/^WASMRUN_AGENT_PORT: got "1e3"/], { WASMRUN_AGENT_PORT: '1e3' }],
  ['a timeout of 0', ['--timeout', '0'], [/^--timeout: got 0/]],
  ['part of a session', ['--max-sessions', '1.5'], [/^--max-sessions: got 1\.5; .*0 is no limit/]],
  ['a negative number', ['--max-concurrent-exec=-1'], [/^--max-concurrent-exec: got "-1"/]],
  ['memory with a unit', ['--max-memory', '256MB'], [/^--max-memory: got "256MB"; this is a number of MB/]],
  ['more memory than a module can have', ['--max-memory', '5000'], [/^--max-memory: got 5000/]],
  ['an output of another kind', ['--max-output', 'all'], [/^--max-output: got "all"/]],
  ['a body of another kind', ['--max-body', 'x'], [/^--max-body: got "x"/]],
  ['an empty file name', ['--auth', ''], [/^--auth: got ""/]],
  [
    'a file that is not there',
    ['--auth', '/nowhere/auth.toml'],
    [/^--auth \/nowhere\/auth\.toml: got ENOENT; the file can be read/],
  ],
  [
    'everything at once',
    ['--port', 'x', '--max-body', 'y', '--colour'],
    [/^--colour: /, /^--port: /, /^WASMRUN_AGENT_TIMEOUT: got "soon"/, /^--max-body: /],
    { WASMRUN_AGENT_TIMEOUT: 'soon' },
  ],
];

const badFiles: [name: string, toml: string, messages: RegExp[]][] = [
  ['no TOML', '[[tenants]\nkey_sha256 = "hunter2"', [/^--auth .*auth\.toml:1:\d+: got no TOML; the file is TOML/]],
  ['no tenant', '', [/^tenants: got \[\]/]],
  ['tenants that are none', 'tenants = 5', [/^tenants: got number; it is a list/]],
  ['an unknown key', `secret = "hunter2"\n${tenant('a', TEST)}`, [/^auth\.secret: got a string; unknown key.*tenants/]],
  [
    'an unknown key of a tenant',
    tenant('a', TEST, 'key = "hunter2"\n'),
    [/^tenants\[0\]\.key: got a string; unknown key.*key_sha256/],
  ],
  ['the key itself', tenant('a', 'hunter2'), [/^tenants\[0\]\.key_sha256: got \[redacted\]; .*SHA-256/]],
  [
    'a rate of 0',
    tenant('a', TEST, '[tenants.rate]\nmax_requests_per_min = 0\n'),
    [/^tenants\[0\]\.rate\.max_requests_per_min: got 0/],
  ],
  [
    'an unknown rate',
    tenant('a', TEST, '[tenants.rate]\nrequests = 1\n'),
    [/^tenants\[0\]\.rate\.requests: .*max_requests_per_min/],
  ],
  [
    'everything at once',
    `${tenant('a', TEST, 'rate = 5\n')}${tenant('', TEST)}`,
    [/^tenants\[0\]\.rate: got 5/, /^tenants\[1\]\.key_sha256: got \[redacted\]; .*the same/, /^tenants\[1\]\.id: got ""/],
  ],
];

for (const [name, args, messages, env = {}] of bad)
  test(`refused: ${name}`, () => assertRefused(() => loadConfig(args, env), messages, /hunter2/));
for (const [name, toml, messages] of badFiles) {
  test(`refused in the file of --auth: ${name}`, (t) =>
    assertRefused(() => loadConfig(withAuth(t, toml), {}), messages, /hunter2/));
}
