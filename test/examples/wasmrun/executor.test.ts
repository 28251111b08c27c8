import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createExecutor } from '../../../examples/wasmrun/executor.ts';
import { until } from '../../until.ts';
import { folderWith } from '../example.ts';

const shipped = (name: string) => fileURLToPath(new URL(`../../../examples/wasmrun/modules/${name}`, import.meta.url));
const MINUTE_MS = 60_000;

function executor(t: TestContext) {
  const one = createExecutor();
  t.after(one.stop);
  return one;
}

const sandbox = (file: string, maxOutputBytes = 1_000) => ({ file, memoryCapPages: 16, maxOutputBytes });

test('one that has timed out is answered at once, and in flight until its thread has ended', async (t) => {
  const { run, inFlight } = executor(t);
  const { result, exitCode, durationMs } = await run(sandbox(shipped('spin.wat')), 100);
  assert.deepEqual([result, exitCode], ['timeout', -1]);
  assert.ok(durationMs >= 99, `${durationMs}`);
  assert.equal(inFlight(), 1);
  await until('its thread has ended', () => inFlight() === 0);
});

test('one that has ended is not in flight any more when it is answered', async (t) => {
  const { run, inFlight } = executor(t);
  const { result, stdout, truncated } = await run(sandbox(shipped('hello.wat'), 6), MINUTE_MS);
  assert.deepEqual([result, stdout, truncated, inFlight()], ['success', 'hello\n', false, 0]);
});

test('output is cut at its limit, and that is said once', async (t) => {
  const { run } = executor(t);
  const cut = await run(sandbox(shipped('hello.wat'), 4), MINUTE_MS);
  assert.deepEqual([cut.result, cut.stdout, cut.truncated], ['success', 'hell', true]);
  const whole = await run(sandbox(shipped('chatter.wat'), 100 * 65_536), MINUTE_MS);
  assert.deepEqual([whole.exitCode, whole.stderr.length, whole.truncated], [3, 6_553_600, false]);
});

const wrong: [name: string, wat: string, error: RegExp][] = [
  ['no WebAssembly', '(module (func (oops)))', /^parseWat failed/],
  ['no _start', '(module)', /^the module exports no _start$/],
  ['an import that is not there', '(module (import "env" "system" (func)) (func (export "_start")))', /env/],
  ['more memory than allowed', '(module (memory 17) (func (export "_start")))', /needs 17 pages of memory, and 16 are allowed/],
  ['a write beyond its memory', beyond(), /./],
];
for (const [name, wat, error] of wrong) {
  test(`it could not run: ${name}`, async (t) => {
    const execution = await executor(t).run(sandbox(folderWith(t, 'module.wat', wat).file), MINUTE_MS);
    assert.deepEqual([execution.result, execution.exitCode], ['error', -1]);
    assert.match(execution.error ?? '', error);
  });
}

function beyond(): string {
  return `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\00\\00\\ff\\7f\\01\\00\\00\\00")
    (func (export "_start") (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 100)))))`;
}

test('stopping ends those that run', async () => {
  const { run, inFlight, stop } = createExecutor();
  const running = run(sandbox(shipped('spin.wat')), MINUTE_MS);
  await stop();
  const { result, error } = await running;
  assert.deepEqual([result, error, inFlight()], ['error', 'the worker died', 0]);
});
