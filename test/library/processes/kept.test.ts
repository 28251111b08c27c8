/** `keep: true`: a program of one process goes on with its totals, however it ended. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contract, meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';
import type { Told } from './kept-program.ts';
import { programIn } from './kept-programs.ts';

const skip = process.platform === 'win32';
const orders = 'shop_orders_total{kind="new"}';
const ordersStart = 'shop_orders_created{kind="new"}';
const one: Told = { orders: 10, open: 3, seconds: 2, visits: 5 };

for (const how of ['SIGKILL', 'SIGTERM'] as const) {
  test(`after ${how} of the only process, twice, totals and starts go on, and gauges do not`, { skip }, async (t) => {
    const { directory, start } = programIn(t);
    let began: number | undefined;
    for (let run = 1; run <= 3; run++) {
      const program = await start();
      const before = await program.scrape();
      assert.equal(before[orders] ?? 0, 10 * (run - 1));
      assert.equal(before.shop_open, undefined);
      await program.record({ ...one, open: run });
      const shown = await program.scrape();
      assert.equal(shown[orders], 10 * run);
      assert.equal(shown.shop_open, run);
      assert.equal(shown.shop_seconds_count, run);
      assert.equal(shown.shop_seconds_sum, 2 * run);
      assert.equal(shown['shop_seconds_bucket{le="5.0"}'], run);
      assert.equal(shown['shop_seconds_bucket{le="1.0"}'], 0);
      began ??= shown[ordersStart];
      assert.ok(began !== undefined);
      assert.equal(shown[ordersStart], began);
      for (const name of readdirSync(directory)) {
        const stats = statSync(join(directory, name));
        if (stats.isFile()) assert.equal(stats.mode & 0o777, 0o600, name);
      }
      assert.deepEqual(program.lines, []);
      await program.end(how);
    }
    // No more files than the last process left: a record, and what SIGKILL left of its socket, its number and its machine's owner
    // file.
    assert.ok(readdirSync(directory).length <= 4);
  });
}

test('a metric whose contract changed begins again with one line; the others go on, and one that went is not shown', {
  skip,
}, async (t) => {
  const { start } = programIn(t);
  const old = await start();
  await old.record(one);
  assert.equal((await old.scrape()).shop_mails_total, 1);
  await old.end('SIGKILL');
  const changed = await start('new');
  const before = await changed.scrape();
  assert.equal(before[orders], 10);
  assert.equal(before.shop_visits_total, undefined);
  assert.equal(before.shop_mails_total, undefined);
  assert.equal(before['shop_seconds_bucket{le="5.0"}'], undefined);
  await changed.record(one);
  const shown = await changed.scrape();
  assert.equal(shown[orders], 20);
  assert.equal(shown.shop_seconds_count, 1);
  assert.equal(shown['shop_visits_total{from="web"}'], 5);
  assert.equal(shown.shop_visits_total, undefined);
  assert.deepEqual([...changed.lines].map((line) => line.split(' its contract has changed')[0]).sort(), [
    'shop.seconds:',
    'shop.visits:',
  ]);
  await changed.end('SIGTERM');
  const next = await start('new');
  const after = await next.scrape();
  assert.equal(after[orders], 20);
  assert.equal(after.shop_seconds_count, 1);
  assert.equal(after['shop_visits_total{from="web"}'], 5);
  assert.deepEqual(next.lines, []);
});

test('in a rolling deploy the new process goes on with the totals of the old one, and the next with both', {
  skip,
}, async (t) => {
  const { start } = programIn(t);
  const first = await start();
  await first.record(one);
  await first.scrape();
  const second = await start();
  await second.record(one);
  await until('both are shown', async () => (await second.scrape())[orders] === 20);
  await first.end('SIGTERM');
  await until('the gauge goes', async () => (await second.scrape()).shop_open === 3);
  assert.equal((await second.scrape())[orders], 20);
  await second.end('SIGKILL');
  const third = await start();
  assert.equal((await third.scrape())[orders], 20);
});

test('a kept file that is cut off is named and left out, and the process counts from 0', { skip }, async (t) => {
  const { directory, start } = programIn(t);
  const first = await start();
  await first.record(one);
  await first.scrape();
  await first.end('SIGKILL');
  const name = readdirSync(directory).find((file) => file.endsWith('.bin')) as string;
  truncateSync(join(directory, name), readFileSync(join(directory, name)).length - 8);
  const second = await start();
  await second.record(one);
  assert.equal((await second.scrape())[orders], 10);
  assert.equal(second.lines.length, 1);
  assert.ok(second.lines[0]?.includes(join(directory, name)));
});

test('after a clock was set back by a day, totals go on: a record may be of the future', { skip }, async (t) => {
  const { directory, start } = programIn(t);
  const first = await start();
  await first.record(one);
  await first.scrape();
  await first.end('SIGKILL');
  // Names begin with the time of the start.
  const digits = 9;
  for (const name of readdirSync(directory)) {
    const began = Number.parseInt(name.slice(0, digits), 36);
    if (!name.endsWith('.slot'))
      renameSync(
        join(directory, name),
        join(directory, `${(began + 86_400_000).toString(36).padStart(digits, '0')}${name.slice(digits)}`),
      );
  }
  const second = await start();
  await second.record(one);
  assert.equal((await second.scrape())[orders], 20);
});

for (const [what, processes, rule] of [
  ['no directory', { keep: true }, /options\.processes\.directory: got null; it is the path/],
  ['all', { directory: 'all', keep: true }, /options\.processes\.directory: got "all"; it is the path of a directory that stays/],
  ['no keep', { directory: '/var/lib/shop' }, /options\.processes\.keep: got null; it is true/],
  ['keep: false', { directory: '/var/lib/shop', keep: false }, /options\.processes\.keep: got false; it is true/],
  ['another key', { directory: '/var/lib/shop', keep: true, most: 1 }, /options\.processes\.most/],
] as const) {
  test(`${what}: an error`, { skip }, () => {
    const options = { processes: processes as never, isolated: true, env: {} };
    assert.throws(() => meterbridge(contract('shop', {}), options), { code: 'OPTION_INVALID', message: rule });
  });
}

test('a directory that others may enter is refused by name', { skip }, async (t) => {
  const { directory } = programIn(t);
  const open = join(directory, 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  const lines: string[] = [];
  const processes = { directory: open, keep: true } as const;
  const bridge = meterbridge(contract('shop', {}), { processes, isolated: true, env: {}, log: (line) => void lines.push(line) });
  t.after(bridge.close);
  await until('it is logged', () => lines.length > 0);
  assert.match(lines[0] ?? '', /only its user may enter it.*chmod 700/s);
});
