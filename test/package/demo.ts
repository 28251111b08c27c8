/** The demo from the installed package, with nothing else installed. */
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packed } from './packed.ts';

const it = await packed();
const command = join(it.project, 'node_modules/.bin/meterbridge');

test('meterbridge demo --once: recorded, pulled and pushed agree, also where OpenTelemetry’s exporter shows them', async () => {
  const shown = await it.run(command, 'demo', '--once', '--port', '0');
  assert.match(shown, /^series +recorded {2}pulled {2}pushed {2}OTel {2}per second$/m);
  assert.match(shown, /^shop_requests_total POST \/orders 201 +(\d+) +\1 +\1 +\1 /m);
  assert.match(shown, /\nshop: recorded, pulled and pushed agree\n$/);
});

test('without OpenTelemetry’s exporter, the demo has no column for it', async () => {
  const folder = join(it.project, 'node_modules/@opentelemetry/exporter-prometheus');
  renameSync(folder, `${folder}-away`);
  try {
    const shown = await it.run(command, 'demo', '--once', '--port', '0');
    assert.match(shown, /^series +recorded {2}pulled {2}pushed {2}per second$/m);
    assert.match(shown, /\nshop: recorded, pulled and pushed agree\n$/);
  } finally {
    renameSync(`${folder}-away`, folder);
  }
});

test('the shop is one file of the package, which --source prints', async () => {
  assert.ok(it.files.includes('dist/src/tools/demo/shop.js'));
  assert.match(await it.run(command, 'demo', '--source'), /from "meterbridge";\n[\s\S]*\bcontract\("shop", \{/);
});
