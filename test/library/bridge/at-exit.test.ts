/** A program that ends without close(): the loop still turns when it has nothing left, and the push is sent. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../../examples/demo/free-port.ts';
import { compileCache } from '../../compile-cache.ts';
import { type Capture, startCapture } from '../push/capture.ts';

const root = join(import.meta.dirname, '../../..');
const line =
  /^meterbridge: push: the program ends without close\(\) of the bridge of job; its values are pushed now\. Fix: await bridge\.close\(\)$/gm;

async function run(t: TestContext, options: string, then = '') {
  const program = `
    import { contract, counter, meterbridge } from 'meterbridge';
    const bridge = meterbridge(contract('job', { files: counter({ help: 'Files.' }) }), ${options});
    bridge.metrics.files.add(7);
    ${then}`;
  const args = ['--conditions=meterbridge-source', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, args, { cwd: root, env: compileCache, stdio: ['ignore', 'inherit', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, errors);
  return { lines: errors.match(line)?.length ?? 0, errors };
}

async function receiver(t: TestContext): Promise<Capture> {
  const capture = await startCapture();
  t.after(() => capture.close());
  return capture;
}

const valuesOf = ({ pushes }: Capture) =>
  pushes.map(({ json }) => json.resourceMetrics[0].scopeMetrics[0].metrics[0].sum.dataPoints[0].asDouble);

test('without close(): one line, and the values arrive', async (t) => {
  const capture = await receiver(t);
  const { lines } = await run(t, `{ push: { endpoint: '${capture.url}' } }`);
  assert.equal(lines, 1);
  assert.deepEqual(valuesOf(capture), [7]);
});

test('with close(), awaited or not, or called where the loop is empty: no line, and one push', async (t) => {
  for (const then of ['await bridge.close();', 'bridge.close();', "process.once('beforeExit', () => bridge.close());"]) {
    const capture = await receiver(t);
    const { errors } = await run(t, `{ push: { endpoint: '${capture.url}' } }`, then);
    assert.equal(errors, '', then);
    assert.deepEqual(valuesOf(capture), [7], then);
  }
});

test('without a push there is nothing to say', async (t) => {
  assert.equal((await run(t, '{}')).errors, '');
});

test('twenty bridges end without a warning of Node.js, each with its push', async (t) => {
  const capture = await receiver(t);
  const more = `for (let i = 0; i < 19; i++) meterbridge(contract('job', {}), { isolated: true, push: { endpoint: '${capture.url}' } });`;
  const { lines, errors } = await run(t, `{ push: { endpoint: '${capture.url}' } }`, more);
  assert.equal(lines, 20);
  assert.doesNotMatch(errors, /MaxListeners/);
  assert.deepEqual(valuesOf(capture), [7]);
});

test('a receiver that is away does not keep the program: it says so, and ends', async (t) => {
  const { lines, errors } = await run(t, `{ push: { endpoint: 'http://127.0.0.1:${await freePort()}', timeoutMs: 4_000 } }`);
  assert.equal(lines, 1);
  assert.match(errors, /ECONNREFUSED/);
});
