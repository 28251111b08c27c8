/** Many idle connections to each server of a service with the usual limit of open files. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { until } from '../../until.ts';
import { crowdedLines, idle, serveScarce, statuses, stillOpen } from './descriptors.ts';

/** What a shell gives without a word; less 64 for all else. */
const files = 1_024;
const most = 960;
const each = 3_000;

test(`${each} idle connections to each server where ${files} files may be open: all go on answering, with one line`, {
  timeout: 600_000,
  skip: process.platform !== 'linux' && 'the limit of open files is read from /proc',
}, async (t) => {
  const service = await serveScarce(t, files);
  for (const port of service.ports) {
    const sockets = await idle(t, port, each);
    await until('the others have ended', () => stillOpen(sockets) <= most);
    for (let turn = 0; turn < 20; turn++)
      assert.deepEqual(await statuses(service), Array(4).fill(200), `while they are at ${port}`);
    const open = readdirSync(`/proc/${service.process.pid}/fd`).length;
    t.diagnostic(`${stillOpen(sockets)} of them are left, ${open} files are open`);
    assert.ok(open < files);
    assert.ok(stillOpen(sockets) >= most - 8);
  }
  assert.equal(crowdedLines(service).length, 1, service.log());
});
