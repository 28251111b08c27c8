/** The packed package in a Next.js app, built and started as its users do: requests have the template of their route. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { until } from '../until.ts';
import { packed } from './packed.ts';

/** 340 MB. */
const packages = { next: '16.4.6', react: '19.2.0', 'react-dom': '19.2.0' };

test('Next.js: each request counts once, under the template of its page or handler', async (t) => {
  const { project, run } = await (await packed()).beside(packages);
  cpSync(join(import.meta.dirname, 'next'), project, { recursive: true });
  const next = join(project, 'node_modules/next/dist/bin/next');
  await run('env', 'NEXT_TELEMETRY_DISABLED=1', 'node', next, 'build');
  const server = spawn(process.execPath, [next, 'start', '--port', '0', '--hostname', '127.0.0.1'], {
    cwd: project,
    env: { ...process.env, METRICS_ADDRESS: '127.0.0.1:0', NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => server.kill('SIGKILL'));
  let [app, metrics]: (string | undefined)[] = [];
  for await (const line of createInterface({ input: server.stdout })) {
    app ??= /Local:\s+(http:\S+)/.exec(line)?.[1];
    metrics ??= /^metrics: (\S+)/.exec(line)?.[1];
    if (app !== undefined && metrics !== undefined) break;
  }
  server.stdout.resume();
  for (const path of ['/', '/orders/7', '/orders/8', '/api/items/3', '/nowhere']) await (await fetch(`${app}${path}`)).text();
  const expected = { '/': 1, '/orders/[id]': 2, '/api/items/[id]': 1, '/_not-found': 1 };
  let found: Record<string, number> = {};
  await until('five requests are counted', async () => {
    const text = await (await fetch(String(metrics))).text();
    const lines = text.matchAll(/^http_server_request_duration_seconds_count\{.*http_route="([^"]*)".*\} (\d+)$/gm);
    found = Object.fromEntries([...lines].map(([, route, count]) => [route, Number(count)]));
    return Object.values(found).reduce((sum, count) => sum + count, 0) >= 5;
  });
  assert.deepEqual(found, expected);
});
