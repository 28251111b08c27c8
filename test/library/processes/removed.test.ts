/**
 * Somebody removes the directory, or files in it: all is there again within a second or so, and no total is lost or counted
 * twice.
 */
import assert from 'node:assert/strict';
import { existsSync, lstatSync, lutimesSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { counter, gauge } from '../../../src/index.ts';
import { until } from '../../until.ts';
import { type Directory, directoryOf } from './bridges.ts';

const skip = process.platform === 'win32';
const declarations = { orders: counter({ help: 'Orders.' }), open: gauge({ help: 'Open.', across: 'worker' }) };

const removals: Readonly<Record<string, (directory: string) => void>> = {
  'the directory': (directory) => rmSync(directory, { recursive: true }),
  'all files': (directory) => {
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
  },
  'all sockets': (directory) => removeEnding(directory, '.sock'),
  'all records': (directory) => removeEnding(directory, '.bin'),
  'all slots': (directory) => removeEnding(directory, '.slot'),
};

function removeEnding(directory: string, ending: string): void {
  for (const name of readdirSync(directory)) if (name.endsWith(ending)) rmSync(join(directory, name));
}

async function twoIn(directory: Directory) {
  const members = [await directory.join(declarations), await directory.join(declarations)] as const;
  for (const { bridge } of members) {
    bridge.metrics.orders.add(5);
    bridge.metrics.open.set(1);
  }
  // What a third one has counted, which has ended.
  const ended = await directory.join(declarations);
  ended.bridge.metrics.orders.add(100);
  await ended.scrape();
  await ended.bridge.close();
  return members;
}

const ofTwo = { shop_orders_total: 110, 'shop_open{worker="0"}': 1, 'shop_open{worker="1"}': 1 };
const ofThree = { ...ofTwo, shop_orders_total: 115, 'shop_open{worker="2"}': 1 };

/** A socket, a record and a number for each. */
function isWhole(directory: string, members: number): boolean {
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return ['.sock', '.bin', '.slot'].every((ending) => names.filter((name) => name.endsWith(ending)).length >= members);
}

for (const [what, remove] of Object.entries(removals)) {
  test(`somebody removes ${what}`, { skip }, async (t) => {
    const directory = directoryOf(t);
    const members = await twoIn(directory);
    for (const { scrape } of members) assert.deepEqual(await scrape(), ofTwo);
    remove(directory.path);
    for (const { scrape } of members) assert.deepEqual(await scrape(), ofTwo);
    await until('all is there again', () => isWhole(directory.path, 2));
    assert.equal(lstatSync(directory.path).mode & 0o777, 0o700);
    // One that joins now finds all.
    const third = await directory.join(declarations);
    third.bridge.metrics.orders.add(5);
    third.bridge.metrics.open.set(1);
    for (const { scrape } of [...members, third]) assert.deepEqual(await scrape(), ofThree);
    for (const { lines } of members) assert.deepEqual(lines, []);
  });
}

test('one that joins while a process has no socket does not take over what that one has counted', { skip }, async (t) => {
  const directory = directoryOf(t);
  const first = await directory.join(declarations);
  first.bridge.metrics.orders.add(5);
  await first.scrape();
  removeEnding(directory.path, '.sock');
  const second = await directory.join(declarations);
  await second.scrape();
  await until('all is there again', () => isWhole(directory.path, 2));
  first.bridge.metrics.orders.add(1);
  for (const { scrape } of [first, second]) assert.equal((await scrape()).shop_orders_total, 6);
});

test('files are touched, so that they are as young as they are used', { skip }, async (t) => {
  const directory = directoryOf(t);
  await directory.join(declarations);
  const names = readdirSync(directory.path).filter((name) => !name.startsWith('meterbridge.owner.'));
  assert.deepEqual(new Set(names.map((name) => name.replace(/^.*\./, ''))), new Set(['bin', 'slot', 'sock']));
  const weekAgo = new Date(Date.now() - 7 * 24 * 3_600_000);
  for (const name of names) lutimesSync(join(directory.path, name), weekAgo, weekAgo);
  const isYoung = ({ mtimeMs, atimeMs }: { mtimeMs: number; atimeMs: number }) =>
    Math.min(mtimeMs, atimeMs) > Date.now() - 3_600_000;
  await until('all are young', () => names.every((name) => isYoung(lstatSync(join(directory.path, name)))));
});
