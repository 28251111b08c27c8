import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createProc } from '../../../examples/runwisp/proc.ts';

interface FakeProcess {
  readonly parent: number;
  readonly session: number;
  /** utime, stime, cutime, cstime in ticks of 10 ms. */
  readonly ticks: readonly [number, number, number, number];
  readonly startTicks: number;
  readonly residentKb: number;
  readonly name?: string;
}

/** A `/proc` as proc(5) describes it. */
function fakeProc(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'proc-'));
  t.after(() => rmSync(root, { recursive: true }));
  return {
    root,
    machine(cpu: string, uptimeSeconds: number) {
      writeFileSync(join(root, 'stat'), `cpu  ${cpu}\ncpu0 ${cpu}\nintr 5 0\n`);
      writeFileSync(join(root, 'uptime'), `${uptimeSeconds.toFixed(2)} 100.00\n`);
    },
    memory: (total: number, available: number) =>
      writeFileSync(
        join(root, 'meminfo'),
        `MemTotal:       ${total} kB\nMemFree:          1 kB\nMemAvailable:   ${available} kB\n`,
      ),
    process(pid: number, { parent, session, ticks, startTicks, residentKb, name = 'sh' }: FakeProcess) {
      mkdirSync(join(root, String(pid)), { recursive: true });
      const before = `${pid} (${name}) S ${parent} ${session} ${session} 0 -1 0 0 0 0 0`;
      writeFileSync(join(root, String(pid), 'stat'), `${before} ${ticks.join(' ')} 20 0 1 0 ${startTicks} 1000 10 0\n`);
      writeFileSync(join(root, String(pid), 'status'), `Name:\t${name}\nVmRSS:\t    ${residentKb} kB\n`);
    },
    end: (pid: number) => rmSync(join(root, String(pid)), { recursive: true }),
  };
}

test('machine: busy is all but idle and iowait, guest time is not counted twice', (t) => {
  const fake = fakeProc(t);
  fake.machine('100 0 100 700 100 0 0 0 50 0', 10);
  fake.memory(16_384, 4_096);
  const proc = createProc(fake.root);
  fake.machine('140 0 110 740 110 0 0 0 90 0', 11);
  assert.deepEqual(proc.host(), { cpuPercent: 50, memoryTotal: 16_384 * 1_024, memoryUsed: 12_288 * 1_024 });
});

test('a tree is its descendants, and what is left of its session', (t) => {
  const fake = fakeProc(t);
  fake.machine('1 0 0 0 0 0 0 0 0 0', 20);
  // Started at 10 s; half of the 10 s since in its own processes, a quarter in children that have ended.
  fake.process(100, { parent: 1, session: 100, ticks: [100, 100, 200, 50], startTicks: 1_000, residentKb: 10, name: 'a) b (c' });
  fake.process(101, { parent: 100, session: 100, ticks: [200, 0, 0, 0], startTicks: 1_100, residentKb: 20 });
  fake.process(102, { parent: 1, session: 100, ticks: [50, 0, 0, 0], startTicks: 1_100, residentKb: 30 });
  fake.process(103, { parent: 101, session: 103, ticks: [50, 0, 0, 0], startTicks: 1_100, residentKb: 40 });
  fake.process(200, { parent: 1, session: 200, ticks: [9_000, 0, 0, 0], startTicks: 1, residentKb: 5_000 });
  const readings = createProc(fake.root).trees([100]);
  assert.deepEqual([...readings], [[100, { cpuPercent: 75, memoryBytes: 100 * 1_024 }]]);
});

test('the second reading of a tree is between the two', (t) => {
  const fake = fakeProc(t);
  const shell = { parent: 1, session: 100, startTicks: 0, residentKb: 10 } as const;
  fake.machine('1 0 0 0 0 0 0 0 0 0', 10);
  fake.process(100, { ...shell, ticks: [0, 0, 0, 0] });
  const proc = createProc(fake.root);
  assert.equal(proc.trees([100]).get(100)?.cpuPercent, 0);
  fake.machine('1 0 0 0 0 0 0 0 0 0', 12);
  fake.process(100, { ...shell, ticks: [300, 0, 0, 0] });
  assert.equal(proc.trees([100]).get(100)?.cpuPercent, 150);
});

test('a root that has ended is left out', (t) => {
  const fake = fakeProc(t);
  fake.machine('1 0 0 0 0 0 0 0 0 0', 10);
  fake.process(100, { parent: 1, session: 100, ticks: [0, 0, 0, 0], startTicks: 0, residentKb: 10 });
  const proc = createProc(fake.root);
  proc.trees([100]);
  fake.end(100);
  assert.deepEqual([...proc.trees([100])], []);
});

test('without /proc nothing is known', (t) => {
  const fake = fakeProc(t);
  assert.deepEqual(createProc(fake.root).host(), { cpuPercent: undefined });
  assert.deepEqual([...createProc(join(fake.root, 'none')).trees([])], []);
});
