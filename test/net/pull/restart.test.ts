/** A listener's thread that ends by itself is started again. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { createStore } from '../../../src/core/store/index.ts';
import { until } from '../../until.ts';
import { openEndpoint, putGauge } from './endpoint.ts';

/** The threads that this process starts while a test runs, which Node tells of. */
function startedThreads(t: TestContext): readonly Worker[] {
  const threads: Worker[] = [];
  const add = (worker: Worker): void => void threads.push(worker);
  process.on('worker', add);
  t.after(() => process.off('worker', add));
  return threads;
}

for (const [name, end, reason] of [
  ['terminate()', (thread: Worker) => void thread.terminate(), 'its thread was ended'],
  // What the thread cannot read as a message is an uncaught error in it.
  ['an uncaught error', (thread: Worker) => thread.postMessage(null), 'Cannot read properties of null .*'],
] as const) {
  test(`after ${name} it listens again on the same port, and goes on with what is recorded`, async (t) => {
    const threads = startedThreads(t);
    const store = createStore();
    const set = putGauge(store, 'app.runs', 1);
    const { listener, lines } = await openEndpoint(t, 'in a thread of its own', store);
    const page = () => fetch(listener.url).then((response) => response.text());
    const ended = () => lines.filter((line) => line.includes('has ended'));
    const { port } = listener.address;

    for (const [times, when] of [
      [1, 'at once'],
      [2, 'in 1 s'],
      [3, 'in 2 s'],
    ] as const) {
      const thread = threads.at(-1) as Worker;
      end(thread);
      await new Promise((resolve) => thread.once('exit', resolve));
      set(times + 1);
      await until('told', () => ended().length === times);
      assert.match(
        ended()[times - 1] ?? '',
        new RegExp(`^the listener on 127\\.0\\.0\\.1:${port} has ended \\(${reason}\\); it is started again ${when}$`),
      );
      await until('served again', () =>
        page().then(
          (shown) => shown.includes(`app_runs ${times + 1}\n`),
          () => false,
        ),
      );
    }
    assert.equal(threads.length, 4);
  });
}

test('closing while it waits to start again starts nothing', async (t) => {
  const threads = startedThreads(t);
  const { listener, lines } = await openEndpoint(t, 'in a thread of its own');
  for (let times = 1; times <= 2; times++) {
    await until('started', () => threads.length === times);
    void threads[times - 1]?.terminate();
    await until('told', () => lines.filter((line) => line.includes('has ended')).length === times);
  }
  await listener.close();
  assert.equal(threads.length, 2);
});

test('a process that lives for its listener alone goes on without its thread', async (t) => {
  const host = spawn(process.execPath, [join(import.meta.dirname, 'ended-host.ts')], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => host.kill('SIGKILL'));
  const exited = once(host, 'exit');
  assert.equal(await text(host.stdout), 'served\nserved\nclosed\n');
  assert.equal((await exited)[0], 0);
});
