/** Recipes of several processes and threads: one scrape shows the sum of all. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { testInFull } from '../full.ts';
import { until } from '../until.ts';
import { ask, ends, ownFolder, page, printed, recipes, started } from './recipe.ts';

test('cluster.ts: each of four workers shows the orders of all', { skip: process.platform === 'win32' }, async (t) => {
  const program = started(t, 'cluster.ts', { TMPDIR: ownFolder(t) });
  const [api, metrics] = (await printed(program, 'the API', 'its metrics')) as [string, string];
  for (let order = 1; order <= 20; order++) assert.equal((await ask(`${api}/orders`, 'POST')).status, 201);
  // The primary hands connections to one worker after the other.
  for (let worker = 0; worker < 4; worker++) {
    await until('at 20 orders', async () => /^shop_orders_total 20$/m.test(await page(metrics)));
  }
  await ends(program);
});

testInFull(
  'pm2.ts: each of the instances in its PM2 file shows the orders of all, also after a reload',
  {
    skip: process.platform === 'win32',
  },
  async (t) => {
    const program = started(t, '../../test/examples/as-pm2.ts', { TMPDIR: ownFolder(t) }, [
      join(recipes, 'ecosystem.config.cjs'),
    ]);
    const [api, metrics, instances] = (await printed(program, 'the API', 'its metrics', 'instances')) as [string, string, string];
    for (let order = 1; order <= 20; order++) assert.equal((await ask(`${api}/orders`, 'POST')).status, 201);
    const all = async () => /^shop_orders_total 20$/m.test(await page(metrics));
    for (let instance = 0; instance < Number(instances); instance++) await until('at 20 orders', all);
    program.child.kill('SIGHUP');
    await printed(program, 'reloaded');
    for (let instance = 0; instance < Number(instances); instance++) await until('at 20 orders after the reload', all);
    await ends(program);
  },
);
