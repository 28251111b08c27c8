/** What `all` means: the processes of one user with the same script and the same contract. */
import assert from 'node:assert/strict';
import { chownSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { contract, counter, meterbridge } from '../../../../src/index.ts';
import { openDirectory } from '../../../../src/library/processes/directory/directory.ts';
import { valuesOf } from '../values-of.ts';

/** The system's directory for temporary files is one of the test's own. */
function inTemporary(t: TestContext): string {
  const before = process.env.TMPDIR;
  const temporary = mkdtempSync(join(tmpdir(), 'mb-'));
  process.env.TMPDIR = temporary;
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(temporary, { recursive: true });
  });
  return temporary;
}

test('contracts and scripts have directories of their own, also where long names begin alike', {
  skip: process.platform === 'win32',
}, (t) => {
  const temporary = inTemporary(t);
  const given = [
    ['wasmrun_agent_builds', '/srv/a.js'],
    ['wasmrun_agent_build_jobs', '/srv/a.js'],
    ['wasmrun_agent_builds', '/srv/b.js'],
  ] as const;
  const open = () => given.map(([contract, program]) => openDirectory('all', contract, program, 26));
  const directories = open();
  assert.equal(new Set(directories).size, given.length);
  assert.deepEqual(open(), directories);
  for (const directory of directories) assert.equal(dirname(directory ?? ''), temporary);
});

const isRoot = process.getuid?.() === 0;
const otherUser = 12_345;
const inUse = (path: string | undefined) => writeFileSync(join(path ?? '', 'a.bin'), '');

/** What others make ahead of the program, which is not ours. */
const squats: Readonly<Record<string, (path: string) => void>> = {
  'a file': (path) => writeFileSync(path, ''),
  'a link to a directory of ours': (path) => symlinkSync(mkdtempSync(join(tmpdir(), 'mb-')), path),
  'a link to nothing': (path) => symlinkSync(`${path}-nothing`, path),
  ...(isRoot && {
    "another user's directory": (path: string) => {
      mkdirSync(path, 0o777);
      chownSync(path, otherUser, otherUser);
    },
  }),
};

for (const [what, make] of Object.entries(squats)) {
  test(`${what} has the name of the directory: the next name that is free, for all processes`, {
    skip: process.platform === 'win32',
  }, (t) => {
    inTemporary(t);
    const open = () => openDirectory('all', 'shop', '/srv/a.js', 26);
    const first = open() as string;
    rmdirSync(first);
    make(first);
    assert.equal(open(), `${first}-1`);
    make(`${first}-2`);
    assert.equal(open(), `${first}-1`);
    rmdirSync(`${first}-1`);
    make(`${first}-1`);
    assert.equal(open(), `${first}-3`);
    // The first name is free again, and processes have met under another one: they stay together.
    inUse(`${first}-3`);
    rmSync(first, { recursive: true });
    assert.equal(open(), `${first}-3`);
    rmSync(`${first}-3`, { recursive: true });
    assert.equal(open(), first);
    rmdirSync(first);
    for (const at of [0, 3, 4, 5, 6, 7, 8, 9]) make(at === 0 ? first : `${first}-${at}`);
    assert.equal(open(), undefined);
  });
}

test("another user's directory", { skip: process.platform === 'win32' || isRoot ? false : 'only root can make one' }, () => {});

test('no name is free: each process shows its own series, and says so in one line', {
  skip: process.platform === 'win32',
}, async (t) => {
  const temporary = inTemporary(t);
  rmSync(temporary, { recursive: true });
  writeFileSync(temporary, '');
  const lines: string[] = [];
  const options = { processes: 'all', isolated: true, env: {}, log: (line: string) => lines.push(line) };
  const bridge = meterbridge(contract('shop', { orders: counter({ help: 'Orders.' }) }), options);
  t.after(() => bridge.close());
  bridge.metrics.orders.add(5);
  const { url } = await bridge.listen('127.0.0.1:0');
  for (let time = 0; time < 2; time++) assert.equal((await valuesOf(await fetch(url))).shop_orders_total, 5);
  assert.equal(lines.length, 1);
  assert.match(lines[0] as string, /^processes: .* shows this process alone.*Fix: /);
});
