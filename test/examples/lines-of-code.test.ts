/** The same instrumented API with Meterbridge and with prom-client: both show what it asks for, and how many lines each takes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DEADLINE_MS, until } from '../until.ts';

const folder = join(import.meta.dirname, '../fixtures/orders');

/** Without blank lines and comments. */
function linesOf(program: string): number {
  const code = readFileSync(join(folder, program), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return code.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

async function shownBy(t: TestContext, program: string): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=meterbridge-source', join(folder, program)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [url] = await once(child.stdout.setEncoding('utf8'), 'data', { signal: AbortSignal.timeout(DEADLINE_MS) });
  const app = String(url).trim();
  assert.equal((await fetch(`${app}/orders`, { method: 'POST' })).status, 200);
  let text = '';
  const requests = /^http_(server_)?request_duration_seconds_count\{.*"\/orders".*\} 1$/m;
  await until(`${program} counts its request`, async () => {
    text = await (await fetch(`${app}/metrics`)).text();
    return requests.test(text);
  });
  return text;
}

const programs = { 'with-meterbridge.ts': 12, 'with-prom-client.ts': 15 };

for (const [program, lines] of Object.entries(programs)) {
  test(`${program}: requests, runtime, a counter and a histogram at /metrics in ${lines} lines`, async (t) => {
    const text = await shownBy(t, program);
    assert.match(text, /^shop_orders_total\{payment="card"\} 1$/m);
    assert.match(text, /^shop_checkout_duration_seconds_count 1$/m);
    assert.match(text, /^process_\w+/m);
    assert.match(text, /^nodejs_eventloop_\w+/m);
    assert.doesNotMatch(text, /"\/metrics"/, 'a scrape is no request of the API');
    assert.equal(linesOf(program), lines);
  });
}
