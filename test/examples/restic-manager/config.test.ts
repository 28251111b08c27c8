import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { loadConfig } from '../../../examples/restic-manager/config.ts';
import { bearer, cidr, secret, unauthorized } from '../../../src/access.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';
import { folderWith } from '../example.ts';

function load(t: TestContext, yaml: string, env: Record<string, string> = {}, flags: readonly string[] = []) {
  const { folder, file } = folderWith(t, 'restic-manager.yaml', yaml);
  return { folder, config: () => loadConfig(['--config', file, ...flags], env) };
}

for (const [what, yaml] of [
  ['an empty file', ''],
  ['comments only', '# nothing\n'],
]) {
  test(`defaults: ${what}`, (t) => {
    const { folder, config } = load(t, yaml as string);
    assert.deepEqual(config(), {
      host: '127.0.0.1',
      port: 8080,
      data: join(folder, '.restic-manager'),
      api: undefined,
      everyMs: 60_000,
      keep: 3,
      hosts: [],
      metrics: { access: undefined },
    });
  });
}

test('hosts and paths; a flag wins over the environment, the environment over the file', (t) => {
  const yaml = `
host: 10.0.0.1
port: 1
data: state
token: of-the-file
metrics_trusted_cidrs: [10.0.0.0/8]
every: 1.5m
keep: 9
hosts:
  - name: 'weird "host"\\name'
    folder: files
  - { name: b, folder: /srv/b, repo: repos/b }
`;
  const env = { RM_HOST: '::1', RM_PORT: '0', RM_TOKEN: 'of-the-environment', RM_METRICS_TRUSTED_CIDR: '192.0.2.0/24' };
  const { folder, config } = load(t, yaml, env, ['--port', '9']);
  assert.deepEqual(config(), {
    host: '::1',
    port: 9,
    data: join(folder, 'state'),
    api: bearer(secret('of-the-environment')),
    everyMs: 90_000,
    keep: 9,
    hosts: [
      { name: 'weird "host"\\name', folder: join(folder, 'files'), repo: undefined },
      { name: 'b', folder: '/srv/b', repo: join(folder, 'repos/b') },
    ],
    metrics: {
      access: { gate: { type: 'allOf', gates: [cidr(['192.0.2.0/24'])] }, refusal: unauthorized({ challenge: false }) },
    },
  });
  assert.doesNotMatch(inspect(config(), { depth: 9 }), /of-the-/);
});

const bad: [name: string, yaml: string, messages: RegExp[], env?: Record<string, string>, flags?: string[]][] = [
  ['no YAML', 'port: [1\n', [/restic-manager\.yaml:\d+:\d+: .*the file is YAML/]],
  ['a list', '- 1', [/restic-manager\.yaml: got \[1\]; the file has keys/]],
  ['one key twice', 'port: 1\nport: 2', [/restic-manager\.yaml:2:1: got .*unique/]],
  ['an unknown key', 'prot: 1', [/^prot: got a number; unknown key.*port/]],
  ['a host that is a number', 'host: 5', [/^host: got 5; this is a string/]],
  ['an empty host, which would be all interfaces', '', [/^RM_HOST: got ""/], { RM_HOST: '' }],
  ['a port above 65535', 'port: 65536', [/^port: got 65536; a port/]],
  ['a port in the environment', '', [/^RM_PORT: got "1e3"/], { RM_PORT: '1e3' }],
  ['a port as a flag', '', [/^--port: got "x"/], {}, ['--port', 'x']],
  ['a folder that is a list', 'data: [a]', [/^data: got \["a"\]; this is a string/]],
  ['an empty folder', '', [/^RM_DATA: got ""/], { RM_DATA: '' }],
  ['a token that is a number', 'token: 12345', [/^token: got \[redacted\]; this is a string/]],
  ['the same where another one counts', 'token: 12345', [/^token: got \[redacted\]; this is a string/], { RM_TOKEN: 'good' }],
  ['a token with a space', 'token: s3cret x', [/^token: got \[redacted\]; .*white space/]],
  ['an empty token', '', [/^RM_TOKEN: got ""; .*at least one/], { RM_TOKEN: '' }],
  ['a duration without unit', 'every: 5', [/^every: got 5; a duration/]],
  ['nothing kept', 'keep: 0', [/^keep: got 0; .*above 0/]],
  ['hosts that are no list', 'hosts: { a: /srv }', [/^hosts: got a table; this is a list/]],
  ['a host that is a string', 'hosts: [a]', [/^hosts\[0\]: got "a"; this is a table/]],
  ['a host without folder', 'hosts: [{ name: a }]', [/^hosts\[0\]\.folder: got nothing; .*Fix: add folder/]],
  ['a name with a line end', 'hosts: [{ name: "a\\nb", folder: c }]', [/^hosts\[0\]\.name: got "a\\nb"; a name/]],
  ['a repository that is no path', 'hosts: [{ name: a, folder: b, repo: 5 }]', [/^hosts\[0\]\.repo: got 5/]],
  ['an unknown key of a host', 'hosts: [{ name: a, folder: b, path: c }]', [/^hosts\[0\]\.path: .*unknown key.*repo/]],
  ['a bare address', 'metrics_trusted_cidrs: [10.0.0.1]', [/^metrics_trusted_cidrs: got "10\.0\.0\.1"; .*\/32/]],
  [
    "everything at once, the endpoint's keys included",
    'metrics_token: [s3cret]\nmetrics_port: 1\ntoken: [s3cret]\nevery: often\nhosts: [{ nam: a, folder: 5 }]',
    [
      /^metrics_port: .*unknown key/,
      /^metrics_token: got object/,
      /^RM_TRUSTED_PROXY: got "proxy"/,
      /^token: got \[redacted\]/,
      /^every: got "often"/,
      /^hosts\[0\]\.nam: .*unknown key/,
      /^hosts\[0\]\.folder: got 5/,
      /^hosts\[0\]\.name: got nothing/,
      /^RM_PORT: /,
    ],
    { RM_PORT: 'x', RM_TRUSTED_PROXY: 'proxy' },
  ],
];

for (const [name, yaml, messages, env, flags] of bad) {
  test(`refused: ${name}`, (t) => {
    assertRefused(load(t, yaml, env, flags).config, messages, /s3cret/);
  });
}

test('a file that is not there is named', () => {
  assert.throws(
    () => loadConfig(['--config', '/nowhere/rm.yaml'], {}),
    /^MeterbridgeError: \/nowhere\/rm\.yaml: got ENOENT.*the file can be read/,
  );
});
