import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { format, inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { apiKeys, bearer, compileGate, type Gate, secret, secretFile } from '../../../src/access.ts';
import { MeterbridgeError } from '../../../src/core/errors/error.ts';

const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'token');
writeFileSync(path, 'hunter2\n');

const hex = 'f52fbd32b2b3b86ff88ef6c490628285f482af15ddcb29541f94bcf526a3f6c7'; // SHA-256 of hunter2
const secrets = { text: secret('hunter2'), file: secretFile(path) };

for (const [name, value] of Object.entries(secrets)) {
  test(`${name}: as text, JSON and in inspect it is [redacted]`, () => {
    assert.equal(`${value}`, '[redacted]');
    assert.equal(String(value), '[redacted]');
    assert.equal(`${value as unknown as string}!`, '[redacted]!');
    assert.equal(JSON.stringify({ value }), '{"value":"[redacted]"}');
    assert.equal(inspect(value), '[redacted]');
    assert.equal(inspect({ deep: [value] }), '{ deep: [ [redacted] ] }');
    assert.equal(format('%s %o %j', value, value, value), '[redacted] [redacted] "[redacted]"');
  });
}

const holders: Record<string, unknown> = {
  secret: secrets.text,
  'its copy': { ...secrets.text },
  'its clone': structuredClone(secrets.text),
  gate: bearer(secrets.text),
  'the gate’s clone': structuredClone(bearer(secrets.text)),
  keys: apiKeys([{ sha256: hex, tenant: 'a' }]),
  'the keys’ clone': structuredClone(apiKeys([{ sha256: hex, tenant: 'a' }])),
  error: new MeterbridgeError('ACCESS_CONFIG_INVALID', [], { cause: secrets.text }),
};
for (const [name, value] of Object.entries(holders)) {
  test(`${name}: shows the secret nowhere, however it is looked at`, () => {
    const views = [
      JSON.stringify(value),
      inspect(value, { depth: null }),
      inspect(value, { depth: null, showHidden: true, customInspect: false }),
      inspect(value, { depth: null, showHidden: true, getters: true, customInspect: false }),
      JSON.stringify(Object.entries(value as object)),
      format('%s %o %O %j', value, value, value, value),
    ];
    for (const view of views) assert.doesNotMatch(view, /hunter2|f52fbd32/);
  });
}

/** What a gate says to a token, at a time that the test sets. */
function watched(gate: Gate) {
  const clock = { ms: 0 };
  const decide = compileGate(gate, { now: () => clock.ms });
  return {
    clock,
    ask(token: string): string {
      const decision = decide({ address: undefined, authorization: `Bearer ${token}` });
      return decision.allowed ? 'open' : decision.reason;
    },
  };
}

test('a file is read again when it has changed, at most once a second', () => {
  writeFileSync(path, 'first\n');
  const { clock, ask } = watched(bearer(secretFile(path)));
  assert.equal(ask('first'), 'open');
  writeFileSync(path, 'second');
  clock.ms = 999;
  assert.equal(ask('second'), 'wrong');
  clock.ms = 1_000;
  assert.equal(ask('second'), 'open');
  assert.equal(ask('first'), 'wrong');
});

test('a file swapped for one of equal size and time is noticed', () => {
  writeFileSync(path, 'token-a');
  const { clock, ask } = watched(bearer(secretFile(path)));
  assert.equal(ask('token-a'), 'open');
  const next = join(folder, 'next');
  writeFileSync(next, 'token-b');
  const { atime, mtime } = statSync(path);
  utimesSync(next, atime, mtime);
  renameSync(next, path);
  clock.ms = 1_000;
  assert.equal(ask('token-b'), 'open');
});

test('while the file is gone or empty nobody comes in, and its return opens again', () => {
  writeFileSync(path, 'here');
  const { clock, ask } = watched(bearer(secretFile(path)));
  assert.equal(ask('here'), 'open');
  rmSync(path);
  clock.ms = 1_000;
  assert.equal(ask('here'), 'unavailable');
  writeFileSync(path, '');
  clock.ms = 2_000;
  assert.equal(ask(''), 'unavailable');
  writeFileSync(path, 'here again');
  clock.ms = 3_000;
  assert.equal(ask('here'), 'unavailable', 'white space inside');
  writeFileSync(path, 'again');
  clock.ms = 4_000;
  assert.equal(ask('again'), 'open');
});

test('while nothing can be said of the file, whatever needs it is refused and nothing is thrown', () => {
  const looped = join(folder, 'looped');
  writeFileSync(looped, 'here');
  const { clock, ask } = watched(bearer(secretFile(looped)));
  assert.equal(ask('here'), 'open');
  rmSync(looped);
  symlinkSync(looped, looped);
  clock.ms = 1_000;
  assert.equal(ask('here'), 'unavailable');
});

test('one line end at the end is not the secret’s', () => {
  writeFileSync(path, 'token\r\n');
  assert.equal(watched(bearer(secretFile(path))).ask('token'), 'open');
});

test('both kinds work in a thread that they were handed to', async () => {
  writeFileSync(path, 'from-file');
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.module).then(({ compileGate }) => {
      parentPort.postMessage(workerData.gates.map((gate) => ['hunter2', 'from-file'].map((token) =>
        compileGate(gate)({ authorization: 'Bearer ' + token }).allowed)));
    });`;
  const workerData = {
    module: new URL('../../../src/access.ts', import.meta.url).href,
    gates: [bearer(secrets.text), bearer(secretFile(path))],
  };
  const worker = new Worker(code, { eval: true, workerData });
  const told = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  assert.deepEqual(told, [
    [true, false],
    [false, true],
  ]);
});
