/** One process holds a directory, however the one before it ended, and wherever it is. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  newestOwner,
  type Owner,
  type OwnerFile,
  ownerPath,
  ownerText,
  takeOver,
} from '../../../src/core/directory/owner-files.ts';
import { isRunning, thisProcess } from '../../../src/core/directory/this-process.ts';
import { type DirectoryLock, lockDirectory } from '../../../src/service/storage/directory-lock.ts';
import { folderFor } from '../../folder-for.ts';
import { mount } from '../../mounts.ts';
import { until } from '../../until.ts';
import { holder } from './holders.ts';

const skip = process.platform !== 'linux' && 'skipped: needs /proc';
const ending = /\. Fix: end it, or write another directory$/;
/** What was found before is good for less. */
const lookedAgainMs = 150;
/** As long as a process takes to begin here, and some. */
const togetherMs = 1_500;

function folder(t: TestContext): string {
  const path = folderFor(t)('held');
  mkdirSync(path);
  return path;
}

async function lock(t: TestContext, directory: string, lines: string[] = []): Promise<DirectoryLock> {
  const held = await lockDirectory(directory, { waitMs: 0, warn: (line) => lines.push(line) });
  let released: Promise<void> | undefined;
  const release = () => (released ??= held.release());
  t.after(release);
  return { ...held, release };
}

/** A process on a machine that mounts the directory, too. */
const far: Owner = { id: createHash('md5').digest('hex'), boot: 'another', pids: 'pid:[1]', pid: 1, start: '1', host: 'far' };

for (const trial of [1, 2, 3])
  test(`of six that start together after a kill, one holds it: ${trial}`, { skip }, async (t) => {
    const directory = folder(t);
    const killed = holder(t, directory);
    assert.equal(await killed.outcome, 'held');
    await killed.kill();
    const at = Date.now() + togetherMs;
    const all = Array.from({ length: 6 }, () => holder(t, directory, at));
    const outcomes = await Promise.all(all.map(({ outcome }) => outcome));
    assert.equal(outcomes.filter((outcome) => outcome === 'held').length, 1, outcomes.join('\n'));
    const winner = all[outcomes.indexOf('held')]?.child.pid;
    for (const outcome of outcomes.filter((one) => one !== 'held')) {
      assert.match(outcome, ending);
      assert.ok(
        outcome.includes(`is in use by the process ${winner}.`) || outcome.includes('is in use by another process.'),
        outcome,
      );
    }
  });

test('a holder that is stopped keeps it', { skip }, async (t) => {
  const directory = folder(t);
  const stopped = holder(t, directory);
  assert.equal(await stopped.outcome, 'held');
  stopped.child.kill('SIGSTOP');
  await assert.rejects(lock(t, directory), {
    name: 'DirectoryInUse',
    message: new RegExp(`by the process ${stopped.child.pid}\\.`),
  });
});

test('after an end, and after a kill, the next one need not wait', { skip }, async (t) => {
  const directory = folder(t);
  for (const end of ['release', 'kill'] as const) {
    const first = end === 'release' ? await lock(t, directory) : undefined;
    const killed = end === 'kill' ? holder(t, directory) : undefined;
    await killed?.outcome;
    await (first?.release() ?? killed?.kill());
    const from = performance.now();
    await (await lock(t, directory)).release();
    assert.ok(performance.now() - from < 5_000);
  }
  assert.deepEqual(readdirSync(directory).sort(), ['meterbridge.held', 'meterbridge.owner.4']);
});

/** The time of day is set a day ahead, and back, all the time. */
function setClocks(t: TestContext): void {
  const day = 86_400_000;
  const { now } = Date;
  let calls = 0;
  t.mock.method(Date, 'now', () => now() + (++calls % 2 === 0 ? day : -day));
}

for (const clock of ['steady', 'set'] as const)
  test(`a holder on another machine is seen by what it writes, and as ended once that has stood for 10 s; clock: ${clock}`, {
    skip,
  }, async (t) => {
    if (clock === 'set') setClocks(t);
    const [alive, dead] = [folder(t), folder(t)];
    for (const directory of [alive, dead]) takeOver(directory, undefined, ownerText(far, 0));
    let beats = 0;
    const timer = setInterval(() => writeFileSync(ownerPath(alive, 1), ownerText(far, ++beats)), 500);
    t.after(() => clearInterval(timer));
    const from = performance.now();
    await assert.rejects(lock(t, alive), { message: /is in use by the process 1 on far\. Fix/ });
    const lines: string[] = [];
    const held = await lock(t, dead, lines);
    assert.ok(performance.now() - from > 10_000);
    assert.equal(held.lost(), undefined);
    assert.match(
      lines.join('\n'),
      /^storage: .*meterbridge\.owner\.1 names the process 1 on far, which may live: the start waits [^\n]*$/,
    );
    const beat = newestOwner(dead)?.state;
    await until('it says that it lives', () => newestOwner(dead)?.state !== beat);
    assert.equal(held.lost(), undefined);
    assert.equal(lines.length, 1);
  });

test('a holder that another machine takes for ended sees that before it acknowledges, once in the log', async (t) => {
  const directory = folder(t);
  const lines: string[] = [];
  const held = await lock(t, directory, lines);
  assert.equal(held.lost(), undefined);
  assert.equal(takeOver(directory, newestOwner(directory), ownerText(far, 0)), 2);
  await sleep(lookedAgainMs);
  assert.match(String(held.lost()), /owner\.1 cannot be read \(ENOENT\)/);
  assert.match(String(held.lost()), /ENOENT/);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] as string,
    /^storage: .* was deleted, moved, mounted over or taken by another process: .* Fix: put it back, or restart the service$/,
  );
  await held.release();
  assert.deepEqual(newestOwner(directory)?.owner?.id, far.id);
});

test('of two that have seen the same, or an older state, one makes the next owner file', (t) => {
  const directory = folder(t);
  const text = ownerText(far, 0);
  assert.equal(takeOver(directory, undefined, text), 1);
  const first = newestOwner(directory);
  assert.equal(takeOver(directory, undefined, text), undefined);
  assert.equal(takeOver(directory, first, text), 2);
  assert.equal(takeOver(directory, first, text), undefined);
  assert.equal(takeOver(directory, newestOwner(directory), text), 3);
  // It had looked when there was the first one.
  assert.equal(takeOver(directory, first, text), undefined);
  assert.deepEqual(readdirSync(directory), ['meterbridge.owner.3']);
});

test('a directory that is moved away is lost, another one in its place, too; moved back it is held', async (t) => {
  const directory = folder(t);
  const lines: string[] = [];
  const held = await lock(t, directory, lines);
  renameSync(directory, `${directory}-away`);
  await sleep(lookedAgainMs);
  assert.match(String(held.lost()), /ENOENT/);
  mkdirSync(directory);
  writeFileSync(ownerPath(directory, 1), ownerText(far, 0));
  await sleep(lookedAgainMs);
  assert.match(String(held.lost()), /owner\.1 is another process's/);
  rmSync(directory, { recursive: true });
  renameSync(`${directory}-away`, directory);
  await sleep(lookedAgainMs);
  assert.equal(held.lost(), undefined);
  assert.equal(lines.length, 2);
  assert.match(lines[1] as string, /is back, and is used again$/);
});

/**
 * Two containers, or boots: whether the other one lives cannot be asked, and there is no lock of the kernel, or it is the file
 * system's for both.
 */
for (const where of ['without a lock of the kernel', 'on one mount of bindfs'])
  test(`a holder elsewhere that is stopped for longer than 10 s keeps its owner file: ${where}`, { skip }, async (t) => {
    const [directory, below] = [folder(t), folder(t)];
    if (where.startsWith('without')) mkdirSync(join(directory, 'meterbridge.held'));
    const mounted = where.startsWith('on') ? mount(t, 'bindfs', below, directory) : undefined;
    if (where.startsWith('on') && mounted === undefined) return;
    try {
      const stopped = holder(t, directory);
      assert.equal(await stopped.outcome, 'held');
      stopped.child.kill('SIGSTOP');
      const file = newestOwner(directory) as OwnerFile;
      const text = ownerText({ ...(file.owner as Owner), boot: 'another', host: 'far' }, 0);
      writeFileSync(file.path, text);
      const refused = await lock(t, directory).catch(({ message }) => message);
      assert.equal(readFileSync(file.path, 'utf8'), text);
      assert.match(refused, new RegExp(`by the process ${stopped.child.pid} on far\\.`));
      stopped.child.kill('SIGCONT');
      await until('it goes on', () => newestOwner(directory)?.state !== text);
      assert.equal(newestOwner(directory)?.owner?.id, file.owner?.id);
      await stopped.kill();
      assert.equal((await lock(t, directory)).lost(), undefined);
    } finally {
      // Ahead of the folders, which are not emptied while files within the mount are open.
      mounted?.end();
    }
  });

/** Earlier versions listen at `meterbridge.lock`, and say their number. */
test('a service of a former version is refused, and refuses', { skip }, async (t) => {
  const directory = folder(t);
  const path = join(directory, 'meterbridge.lock');
  const old = createServer((socket) => socket.end('4711'))
    .listen(path)
    .unref();
  await assert.rejects(lock(t, directory), { message: /is in use by the process 4711\. Fix/ });
  await new Promise((resolve) => old.close(resolve));
  await lock(t, directory);
  const said = await new Promise((resolve) => createConnection(path).on('data', (text) => resolve(String(text))));
  assert.equal(said, String(process.pid));
});

test('where no socket can be made, it is held all the same', async (t) => {
  const directory = folder(t);
  mkdirSync(join(directory, 'meterbridge.lock', 'x'), { recursive: true });
  assert.equal((await lock(t, directory)).lost(), undefined);
  await assert.rejects(lock(t, directory), { message: new RegExp(`by the process ${process.pid}\\.`) });
});

test('whether a process runs, and whether that can be known', { skip }, async (t) => {
  assert.equal(isRunning(thisProcess()), true);
  assert.equal(isRunning({ ...thisProcess(), start: '1' }), false);
  assert.equal(isRunning({ ...thisProcess(), boot: 'another' }), undefined);
  assert.equal(isRunning({ ...thisProcess(), pids: 'pid:[1]' }), undefined);
  const { child, outcome, kill } = holder(t, folder(t));
  await outcome;
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
  const other = { ...thisProcess(), pid: child.pid as number, start: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] };
  assert.equal(isRunning(other), true);
  await kill();
  assert.equal(isRunning(other), false);
});
