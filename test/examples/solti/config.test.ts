import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '../../../examples/solti/config.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';
import { folderWith } from '../example.ts';

type Env = Readonly<Record<string, string>>;

function load(t: TestContext, toml: string, env: Env = {}) {
  const { folder, file } = folderWith(t, 'solti.toml', toml);
  return { folder, config: (...flags: string[]) => loadConfig(['--config', file, ...flags], env) };
}

test('defaults', (t) => {
  const { folder, config } = load(t, '[tasks.a]\nrunner = "wasm"\nmodule = "a.wat"\n[subscribers.s]\ncommand = ["cat"]\n');
  assert.deepEqual(config(), {
    host: '127.0.0.1',
    port: 9480,
    token: undefined,
    agents: 100,
    folder,
    metrics: { listen: undefined, public: false },
    tasks: [
      {
        name: 'a',
        runner: 'wasm',
        command: [],
        module: 'a.wat',
        image: '',
        timeoutMs: undefined,
        attempts: 5,
        backoffMs: 1_000,
        backoffCapMs: 60_000,
        everyMs: undefined,
        pidsMax: undefined,
      },
    ],
    subscribers: [{ name: 's', command: ['cat'], queue: 256 }],
    discovery: undefined,
  });
});

test('a discovery without keys', (t) => {
  const { discovery } = load(t, '[discovery]\n').config();
  assert.deepEqual(discovery, { controlPlane: undefined, name: hostname(), everyMs: 10_000, timeoutMs: 5_000 });
});

test('every key', (t) => {
  const toml = `
[daemon]
host = "::1"
port = 0
token = "from file"
agents = 7
[discovery]
control_plane = "https://example.org:1/base/"
name = "here"
every = "1m"
timeout = "1s"
[subscribers.s]
command = ["cat", "-"]
queue = 2
[tasks.a]
runner = "subprocess"
command = ["sh", "-c", "true"]
timeout = "1.5s"
attempts = 3
backoff = "2m"
every = "24d"
pids_max = 7
[tasks.b]
runner = "container"
image = "docker.io/library/alpine:3"
backoff = "1ms"
backoff_cap = "1ms"`;
  const { config } = load(t, toml, { SOLTI_TOKEN: 'fromenv', SOLTI_METRICS_LISTEN: '[::]:1', SOLTI_METRICS_PUBLIC: 'true' });
  const { host, port, token, agents, metrics, tasks, subscribers, discovery } = config();
  assert.equal(agents, 7);
  assert.deepEqual(discovery, { controlPlane: 'https://example.org:1/base', name: 'here', everyMs: 60_000, timeoutMs: 1_000 });
  assert.deepEqual([host, port, metrics], ['::1', 0, { listen: '[::]:1', public: true }]);
  assert.equal(String(token), '[redacted]');
  assert.deepEqual(subscribers, [{ name: 's', command: ['cat', '-'], queue: 2 }]);
  const [a, b] = tasks;
  assert.deepEqual(a, {
    name: 'a',
    runner: 'subprocess',
    command: ['sh', '-c', 'true'],
    module: '',
    image: '',
    timeoutMs: 1_500,
    attempts: 3,
    backoffMs: 120_000,
    // The usual cap is below the first pause.
    backoffCapMs: 120_000,
    everyMs: 24 * 86_400_000,
    pidsMax: 7,
  });
  assert.deepEqual(
    [b?.runner, b?.image, b?.command, b?.backoffMs, b?.backoffCapMs],
    ['container', 'docker.io/library/alpine:3', [], 1, 1],
  );
});

test('a flag wins over the environment, the environment over the file', (t) => {
  const { config } = load(t, '[daemon]\nhost = "10.0.0.1"\nport = 1\n', { SOLTI_HOST: '::1', SOLTI_PORT: '2' });
  const { host, port } = config('--port', '3');
  assert.deepEqual([host, port], ['::1', 3]);
});

/** A task that lacks nothing, with one more line. */
const task = (line: string) => `[tasks.a]\nrunner = "subprocess"\ncommand = ["true"]\n${line}\n`;
const container = (image: string) => `[tasks.a]\nrunner = "container"\nimage = ${image}\n`;

const bad: [name: string, toml: string, messages: RegExp[], env?: Env][] = [
  ['no TOML', '[daemon\n', [/solti\.toml:\d+:\d+: .*the file is TOML/]],
  ['an unknown section', '[task.a]\nrunner = "wasm"', [/^task: .*unknown section.*tasks/]],
  ['a section that is no table', 'tasks = 5', [/^tasks: got 5; .*\[tasks\.NAME\]/]],
  ['subscribers that are no table', 'subscribers = 5', [/^subscribers: got 5; .*\[subscribers\.NAME\]/]],
  ['a task that is no table', '[tasks]\na = 5', [/^tasks\.a: got 5; this is a table/]],
  ['an unknown key of the daemon', '[daemon]\nhots = "x"', [/^daemon\.hots: got a string; unknown key.*host/]],
  ['an empty host, which would be all interfaces', '[daemon]\nhost = ""', [/^daemon\.host: got ""; .*not empty/]],
  ['a port above 65535', '[daemon]\nport = 65536', [/^daemon\.port: got 65536; .*65535/]],
  ['a port in the environment', '', [/^SOLTI_PORT: got "1e3"/], { SOLTI_PORT: '1e3' }],
  ['an empty host in the environment', '', [/^SOLTI_HOST: got ""/], { SOLTI_HOST: '' }],
  ['a token that is no string', '[daemon]\ntoken = 5', [/^daemon\.token: got \[redacted\]; /]],
  ['a token that no header can carry', '[daemon]\ntoken = "a b"', [/^daemon\.token: got \[redacted\]; /]],
  ['the same in the environment', '', [/^SOLTI_TOKEN: got \[redacted\]; /], { SOLTI_TOKEN: 'a b' }],
  ['an empty token in the environment', '[daemon]\ntoken = "good"', [/^SOLTI_TOKEN: /], { SOLTI_TOKEN: '' }],
  ['no runner', '[tasks.a]\ncommand = ["true"]', [/^tasks\.a\.runner: got nothing; .*subprocess, wasm or container/]],
  ['an unknown runner', '[tasks.a]\nrunner = "toString"', [/^tasks\.a\.runner: got "toString"; .*subprocess, wasm or container/]],
  ['no command', '[tasks.a]\nrunner = "subprocess"', [/^tasks\.a\.command: got nothing; .*the program first/]],
  ['no module', '[tasks.a]\nrunner = "wasm"', [/^tasks\.a\.module: got nothing; /]],
  ['no image', '[tasks.a]\nrunner = "container"', [/^tasks\.a\.image: got nothing; /]],
  ['a key of another runner', task('module = "a.wat"'), [/^tasks\.a\.module: got a string; unknown key.*command/]],
  [
    'a limit for a module',
    '[tasks.a]\nrunner = "wasm"\nmodule = "a"\npids_max = 1',
    [/^tasks\.a\.pids_max: got a number; unknown key/],
  ],
  [
    'a command that is a string',
    '[tasks.a]\nrunner = "subprocess"\ncommand = "true"',
    [/^tasks\.a\.command: got "true"; .*list/],
  ],
  ['an empty command', '[tasks.a]\nrunner = "subprocess"\ncommand = []', [/^tasks\.a\.command: got \[\]; /]],
  ['a command with a number', '[tasks.a]\nrunner = "subprocess"\ncommand = ["a", 5]', [/^tasks\.a\.command: got \["a",5\]; /]],
  ['a program without a name', '[tasks.a]\nrunner = "subprocess"\ncommand = [""]', [/^tasks\.a\.command: got \[""\]; /]],
  ['an empty module', '[tasks.a]\nrunner = "wasm"\nmodule = ""', [/^tasks\.a\.module: got ""; /]],
  ['an image that is an option', container('"--privileged"'), [/^tasks\.a\.image: got "--privileged"; /]],
  ['an image that is no string', container('5'), [/^tasks\.a\.image: got 5; /]],
  ['a time without unit', task('timeout = 5'), [/^tasks\.a\.timeout: got 5; a duration/]],
  ['a time that no timer holds', task('timeout = "25d"'), [/^tasks\.a\.timeout: got "25d"; .*at most 24 days/]],
  ['no attempt', task('attempts = 0'), [/^tasks\.a\.attempts: got 0; .*above 0/]],
  ['a backoff of nothing', task('backoff = "0s"'), [/^tasks\.a\.backoff: got "0s"; /]],
  ['a cap that is no time', task('backoff_cap = "much"'), [/^tasks\.a\.backoff_cap: got "much"; /]],
  ['a cap below the first pause', task('backoff_cap = "10ms"'), [/^tasks\.a\.backoff_cap: got 10 ms; .*1000 ms/]],
  ['an interval that is no time', task('every = true'), [/^tasks\.a\.every: got true; /]],
  ['half a process', task('pids_max = 0.5'), [/^tasks\.a\.pids_max: got 0\.5; /]],
  ['a subscriber without a command', '[subscribers.s]', [/^subscribers\.s\.command: got nothing; /]],
  ['a subscriber whose command is a string', '[subscribers.s]\ncommand = "cat"', [/^subscribers\.s\.command: got "cat"; /]],
  ['a queue that holds nothing', '[subscribers.s]\ncommand = ["cat"]\nqueue = 0', [/^subscribers\.s\.queue: got 0; /]],
  [
    'an unknown key of a subscriber',
    '[subscribers.s]\ncommand = ["cat"]\nqueu = 1',
    [/^subscribers\.s\.queu: .*unknown key.*queue/],
  ],
  ['no place for an agent', '[daemon]\nagents = 0', [/^daemon\.agents: got 0; /]],
  ['a discovery that is no table', 'discovery = 5', [/^discovery: got 5; this is a table/]],
  ['an unknown key of the discovery', '[discovery]\nurl = "x"', [/^discovery\.url: .*unknown key.*control_plane/]],
  ['a control plane that is no URL', '[discovery]\ncontrol_plane = "here"', [/^discovery\.control_plane: got "here"; .*URL/]],
  ['one that speaks no HTTP', '[discovery]\ncontrol_plane = "ftp://a"', [/^discovery\.control_plane: got "ftp:/]],
  ['one with credentials', '[discovery]\ncontrol_plane = "http://a:b@c"', [/^discovery\.control_plane: .*without credentials/]],
  ['an empty name', '[discovery]\nname = ""', [/^discovery\.name: got ""; /]],
  ['an interval of nothing', '[discovery]\nevery = "0s"', [/^discovery\.every: got "0s"; /]],
  ['a listener without a port', '', [/^SOLTI_METRICS_LISTEN: got "nowhere"; /], { SOLTI_METRICS_LISTEN: 'nowhere' }],
  [
    'public without a listener',
    '',
    [/^SOLTI_METRICS_PUBLIC: got "true"; .*SOLTI_METRICS_LISTEN/],
    { SOLTI_METRICS_PUBLIC: 'true' },
  ],
  [
    'everything at once',
    '[daemon]\nport = -1\n[tasks.a]\nrunner = "vm"\nattempts = 0\n[tasks.b]\nrunner = "wasm"\nmodul = "x"\n[subscribers.s]\nqueue = 0',
    [
      /^daemon\.port: /,
      /^SOLTI_TOKEN: /,
      /^tasks\.a\.runner: /,
      /^tasks\.a\.attempts: /,
      /^tasks\.b\.modul: /,
      /^tasks\.b\.module: /,
      /^subscribers\.s\.queue: /,
      /^subscribers\.s\.command: /,
      /^SOLTI_METRICS_LISTEN: /,
      /^SOLTI_METRICS_PUBLIC: /,
    ],
    { SOLTI_TOKEN: '', SOLTI_METRICS_LISTEN: '127.0.0.1:x', SOLTI_METRICS_PUBLIC: '1' },
  ],
];

for (const [name, toml, messages, env] of bad) {
  test(`refused: ${name}`, (t) => {
    assertRefused(load(t, toml, env).config, messages);
  });
}
