/** Ages of series across processes: whatever somebody sets the time to, nothing expires at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeptTime, type Stamp } from '../../../src/service/keep/kept-time.ts';

const day = 86_400_000;
const most = 150_000;

/** How much later than what was stamped the next process' clock is. */
function passed(
  before: { machine: number; day: number; boot: number },
  after: { machine: number; day: number; boot: number },
): number {
  const clocks = (given: typeof before) => ({ machine: () => given.machine, day: () => given.day, boot: given.boot });
  const stamp = createKeptTime(clocks(before)).stamp();
  const next = createKeptTime(clocks(after));
  next.goOn(stamp, most);
  return next.now() - stamp.at;
}

const before = { machine: 5_000, day: 1_000 * day, boot: 7 };

for (const [name, after, expected] of [
  ['the time without a service counts', { machine: 65_000, day: before.day + 60_000, boot: 7 }, 60_000],
  ['also when the time of day has jumped forward', { machine: 65_000, day: before.day + day, boot: 7 }, 60_000],
  ['also when it has jumped back', { machine: 65_000, day: before.day - day, boot: 7 }, 60_000],
  ['behind a start of the machine the time of day counts', { machine: 100, day: before.day + 60_000, boot: 8 }, 60_000],
  ['but not a day at once', { machine: 100, day: before.day + day, boot: 8 }, most],
  ['and not backwards', { machine: 100, day: before.day - day, boot: 8 }, 0],
  [
    'where starts of the machine are unknown, the time of day counts',
    { machine: 65_000, day: before.day + 1_000, boot: 0 },
    1_000,
  ],
] as const)
  test(name, () =>
    assert.equal(passed(before.boot === 7 && after.boot === 0 ? { ...before, boot: 0 } : before, after), expected),
  );

test('the clock goes on with what it was set to, and with the machine', () => {
  let machine = 1_000;
  const time = createKeptTime({ machine: () => machine, day: () => 0, boot: 1 });
  const last: Stamp = { at: 10_000, machine: 900, day: 0, boot: 1 };
  time.goOn(last, most);
  assert.equal(time.now(), 10_100);
  machine += 50;
  assert.deepEqual(time.stamp(), { at: 10_150, machine: 1_050, day: 0, boot: 1 });
});
