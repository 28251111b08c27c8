/** Clients that hold connections until the service has no descriptor left: every port goes on answering. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { until } from '../../until.ts';
import { crowdedLines, idle, serveScarce, statuses, stillOpen } from './descriptors.ts';

const files = 64;
/** Of 64 files, half are for connections. */
const most = 32;

test('100 idle connections where 64 files may be open: each server answers, and one line says why connections end', {
  timeout: 120_000,
  skip: process.platform !== 'linux' && 'the limit of open files is read from /proc',
}, async (t) => {
  const service = await serveScarce(t, files);
  const open = () => readdirSync(`/proc/${service.process.pid}/fd`).length;
  t.diagnostic(`${open()} files are open at the start`);
  assert.deepEqual(await statuses(service), Array(4).fill(200));
  assert.deepEqual(crowdedLines(service), []);
  for (const port of service.ports) {
    const sockets = await idle(t, port, 100);
    await until('the others have ended', () => stillOpen(sockets) <= most);
    assert.deepEqual(await statuses(service), Array(4).fill(200), `while they are at ${port}`);
    t.diagnostic(`${open()} files are open`);
    assert.ok(open() < files);
    assert.ok(stillOpen(sockets) >= most - 8, `${stillOpen(sockets)} are left`);
  }
  await until('it is said', () => crowdedLines(service).length > 0);
  assert.equal(crowdedLines(service).length, 1, service.log());
});
