import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const host = fileURLToPath(new URL('./instrumented-host.ts', import.meta.url));

async function seriesOn(engine: 'store' | 'sdk'): Promise<{ counted: string[]; named: string[] }> {
  const { stdout } = await run(process.execPath, [host, engine]);
  return JSON.parse(stdout);
}

test('@opentelemetry/instrumentation-http gives the same series on both engines', async () => {
  const [own, sdk] = [await seriesOn('store'), await seriesOn('sdk')];
  assert.ok(
    own.counted.some((line) => /^http_server_\w+_count\{.*404.*\} 1$/.test(line)),
    own.counted.join('\n'),
  );
  assert.ok(
    own.counted.some((line) => /^http_server_\w+_count\{.*200.*\} 2$/.test(line)),
    own.counted.join('\n'),
  );
  assert.deepEqual(own, sdk);
});
