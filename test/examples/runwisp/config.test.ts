import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '../../../examples/runwisp/config.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';
import { folderWith } from '../example.ts';

function load(t: TestContext, toml: string, env: Record<string, string> = {}, ...flags: string[]) {
  const { folder, file } = folderWith(t, 'runwisp.toml', toml);
  return { folder, config: () => loadConfig(['--config', file, ...flags], env) };
}

test('defaults', (t) => {
  const { folder, config } = load(t, '');
  assert.deepEqual(config(), {
    host: '127.0.0.1',
    port: 9477,
    data: join(folder, '.runwisp'),
    folder,
    token: undefined,
    trustProxy: [],
    metrics: { enabled: false, listen: undefined, public: false },
    tasks: [],
  });
});

test('tasks, services, defaults; a flag wins over the environment, the environment over the file', (t) => {
  const toml = `
[daemon]
host = "10.0.0.1"
port = 1
data = "runs"
token = "from file"
metrics_enabled = true
[defaults]
timeout = "1.5s"
keep_for = "14d"
[tasks."weird\\"task\\\\name"]
run = "true"
cron = "*/5 * * * *"
keep_runs = 3
[services.web]
run = "serve"`;
  const env = { RUNWISP_HOST: '::1', RUNWISP_PORT: '0', RUNWISP_TOKEN: 'from env', RUNWISP_TRUST_PROXY: '10.0.0.0/8, ::1' };
  const { folder, config } = load(t, toml, env, '--port', '9');
  const fortnight = 14 * 86_400_000;
  assert.deepEqual(config(), {
    host: '::1',
    port: 9,
    data: join(folder, 'runs'),
    folder,
    token: 'from env',
    trustProxy: ['10.0.0.0/8', '::1'],
    metrics: { enabled: true, listen: undefined, public: false },
    tasks: [
      {
        name: 'weird"task\\name',
        kind: 'task',
        run: 'true',
        cron: '*/5 * * * *',
        everyMs: undefined,
        timeoutMs: 1_500,
        keepRuns: 3,
        keepForMs: fortnight,
      },
      {
        name: 'web',
        kind: 'service',
        run: 'serve',
        cron: undefined,
        everyMs: undefined,
        timeoutMs: undefined,
        keepRuns: 1_000,
        keepForMs: fortnight,
      },
    ],
  });
});

test('refused: a flag that it does not have, and one without its value', (t) => {
  const messages = [
    /^--prot: got it; unknown flag\. Fix: use one of --host, --port, --data, --config/,
    /^--port: got true; a port/,
  ];
  const { config } = load(t, '', {}, '--prot', '--port');
  assertRefused(config, messages);
});

test('an empty token of the environment goes before that of the file', (t) => {
  assert.equal(load(t, '[daemon]\ntoken = "from file"\n', { RUNWISP_TOKEN: '' }).config().token, undefined);
});

test('refused: no file named', () => {
  assertRefused(() => loadConfig([], { RUNWISP_CONFIG: '' }), [/^RUNWISP_CONFIG: got ""/]);
});

const bad: [name: string, toml: string, messages: RegExp[], env?: Record<string, string>][] = [
  ['no TOML', '[daemon\n', [/runwisp\.toml:\d+:\d+: .*the file is TOML/]],
  ['unknown section', '[task.a]\nrun = "x"', [/^task: .*unknown section.*tasks/]],
  ['unknown key of the daemon', '[daemon]\nport = 1\nhots = "x"', [/^daemon\.hots: got a string; unknown key.*host/]],
  ['a port above 65535', '[daemon]\nport = 65536', [/^daemon\.port: got 65536/]],
  ['a port in the environment', '', [/^RUNWISP_PORT: got "1e3"/], { RUNWISP_PORT: '1e3' }],
  ['an empty host, which would be all interfaces', '', [/^RUNWISP_HOST: got ""/], { RUNWISP_HOST: '' }],
  ['a task without a command', '[tasks.a]\ncron = "* * * * *"', [/^tasks\.a\.run: got nothing/]],
  ['a wrong cron expression', '[tasks.a]\nrun = "x"\ncron = "61 * * * *"', [/^tasks\.a\.cron: /]],
  ['two schedules', '[tasks.a]\nrun = "x"\ncron = "* * * * *"\nevery = "1s"', [/^tasks\.a\.every: .*one schedule/]],
  ['a duration without unit', '[tasks.a]\nrun = "x"\nevery = 5', [/^tasks\.a\.every: got 5; a duration/]],
  ['a schedule for a service', '[services.a]\nrun = "x"\ncron = "* * * * *"', [/^services\.a\.cron: .*unknown key/]],
  ['one name twice', '[tasks.a]\nrun = "x"\n[services.a]\nrun = "x"', [/^services\.a: .*used once/]],
  ['wrong defaults', '[defaults]\nkeep_runs = 0\n[services.a]\nrun = "x"', [/^defaults\.keep_runs: got 0/]],
  ['tasks that are no table', 'tasks = 5', [/^tasks: got 5/]],
  ['a proxy that is everybody', '', [/^RUNWISP_TRUST_PROXY: got "0\.0\.0\.0\/0"/], { RUNWISP_TRUST_PROXY: '0.0.0.0/0' }],
  [
    "everything at once, the endpoint's keys included",
    '[daemon]\nmetrics_listen = "nowhere"\ntoken = 1\n[tasks.a]\nruns = "x"',
    [
      /^daemon\.metrics_listen: .*no port/,
      /^daemon\.metrics_listen: .*metrics_enabled = true/,
      /^daemon\.token: got \[redacted\];/,
      /^RUNWISP_PORT: /,
      /^tasks\.a\.runs: /,
      /^tasks\.a\.run: /,
    ],
    { RUNWISP_PORT: 'x' },
  ],
];

for (const [name, toml, messages, env] of bad) {
  test(`refused: ${name}`, (t) => {
    assertRefused(load(t, toml, env).config, messages);
  });
}
