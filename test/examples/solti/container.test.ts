/** The container runner against a stand-in for an engine's command, which shows what it is asked and ends as it is told to. */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runContainer } from '../../../examples/solti/container.ts';
import { until } from '../../until.ts';
import { folderWith } from '../example.ts';

const task = {
  name: 'a',
  runner: 'container',
  command: ['echo', 'hello there'],
  module: '',
  image: 'alpine:3',
  timeoutMs: undefined,
  attempts: 1,
  backoffMs: 1,
  backoffCapMs: 1,
  everyMs: undefined,
  pidsMax: undefined,
} as const;

/** @param engines their commands, each with what it does for its first argument */
function runnerWith(t: TestContext, engines: Readonly<Record<string, string>>) {
  const { folder, file } = folderWith(t, 'asked', '');
  for (const [name, cases] of Object.entries(engines)) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> asked\ncase "$1" in ${cases} esac\n`);
    chmodSync(path, 0o755);
  }
  const before = process.env.PATH;
  process.env.PATH = folder;
  t.after(() => {
    process.env.PATH = before;
  });
  const stop = new AbortController();
  let started = 0;
  const ending = runContainer({ task, folder, signal: stop.signal, started: () => started++, line: () => {} });
  // Each run has a name of its own.
  const asked = () =>
    readFileSync(file, 'utf8')
      .replace(/solti-\d+-\d+/g, 'NAME')
      .trimEnd()
      .split('\n');
  return { ending, stop, started: () => started, asked };
}

test('no engine on PATH', async (t) => {
  const { ending, started } = runnerWith(t, {});
  assert.deepEqual(await ending, { error: 'backend_config_failed', how: 'none of docker, podman is on PATH' });
  assert.equal(started(), 0);
});

test('an engine that does not answer, or does not have the image', async (t) => {
  const { ending, started } = runnerWith(t, { docker: 'create) exit 1;;' });
  const { how, ...rest } = await ending;
  assert.deepEqual(rest, { error: 'backend_config_failed' });
  assert.match(how, /docker create: exit 1$/);
  assert.equal(started(), 0);
});

for (const [engine, code, succeeded] of [
  ['docker', 0, true],
  ['podman', 0, true],
  ['docker', 125, false],
] as const) {
  test(`${engine}: a container that ends with ${code}`, async (t) => {
    const { ending, started, asked } = runnerWith(t, { [engine]: `start) exit ${code};;` });
    assert.deepEqual(await ending, { succeeded, how: `exit ${code}` });
    assert.equal(started(), 1);
    assert.deepEqual(asked(), [
      `${engine} create --name NAME alpine:3 echo hello there`,
      `${engine} start --attach NAME`,
      `${engine} rm --force NAME`,
    ]);
  });
}

test('a container that is stopped is removed by force', async (t) => {
  const { ending, stop, started, asked } = runnerWith(t, { docker: 'start) exec /bin/sleep 600;;' });
  await until('started', () => started() === 1 && asked().length === 2);
  stop.abort();
  assert.deepEqual(await ending, { succeeded: false, how: 'SIGTERM' });
  assert.equal(asked().at(-1), 'docker rm --force NAME');
});
