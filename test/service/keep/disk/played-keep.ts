/**
 * Series that are kept on a disk that is recorded, with many snapshots in small parts under random batches, and with all that was
 * shown, and known to be safe, at each moment.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { createKeptSeries, type KeptSeries } from '../../../../src/service/keep/kept-series.ts';
import { type Clocks, createKeptTime } from '../../../../src/service/keep/kept-time.ts';
import { type KeepLogs, openKeep } from '../../../../src/service/keep/open-keep.ts';
import type { Pace } from '../../../../src/service/keep/snapshots.ts';
import type { Received } from '../../../../src/service/received/index.ts';
import type { Logger } from '../../../../src/service/telemetry/logger.ts';
import type { Random } from '../../../conformance/random.ts';
import { createRig } from '../../received/rig.ts';
import { requestOf, type SentMetric } from '../../received/sender.ts';
import { type RecordedDisk, recordDisk } from '../../storage/disk/record-disk.ts';

/** What is shown, by series: the value, and its start. */
export type Shown = Readonly<Record<string, unknown>>;

/** From a moment on. */
export interface Since {
  readonly from: number;
}

export interface PlayedKeep {
  readonly disk: RecordedDisk;
  /**
   * The first is what was loaded; each other one is there behind a batch, or a sweep: it may have been seen, and its sender told.
   */
  readonly states: readonly (Since & { readonly shown: Shown })[];
  /** From when on each is whole, when it was begun, and the number of the state that it has. */
  readonly snapshots: readonly (Since & { readonly begun: number; readonly state: number })[];
  readonly lines: readonly string[];
}

const expireAfterMs = 40;
/** Snapshots are due all the time, and their parts are small. */
export const often: Pace = { lookEveryMs: 1, snapshotEveryMs: 0, partPoints: 3 };
/** Nothing is looked at. */
export const never: Pace = { lookEveryMs: 2 ** 30, snapshotEveryMs: 0 };

/** The machine's clock of all processes. */
export interface Machine {
  ms: number;
  boot: number;
  /** What the time of day is ahead of it. */
  day?: number;
}

const clocksOf = (machine: Machine): Clocks => ({
  machine: () => machine.ms,
  day: () => machine.ms + (machine.day ?? 0),
  boot: machine.boot,
});

/** What a sender says with its request of that number. */
export function requestFrom(sender: number, number: number, filler = ''): Uint8Array {
  const times = { start: 1n, time: BigInt(number + 1) };
  const change = { start: BigInt(number), time: BigInt(number + 1), double: 1 };
  const metrics: SentMetric[] = [
    { name: 'total', type: 'sum', temporality: 2, monotonic: true, points: [{ ...times, double: number }] },
    { name: 'delta', type: 'sum', temporality: 1, monotonic: true, points: [change] },
    // Of a point without a start nobody can tell whether it comes again.
    { name: 'delta_blind', type: 'sum', temporality: 1, monotonic: true, points: [{ double: 1 }] },
    { name: 'level', type: 'gauge', points: [{ ...times, double: number / 2 }] },
    {
      name: 'duration',
      type: 'histogram',
      temporality: 2,
      points: [{ ...times, count: number, sum: number, counts: [number, 0], bounds: [1] }],
    },
  ];
  return requestOf({ attributes: { 'service.instance.id': `${sender}`, ...(filler !== '' && { filler }) }, metrics });
}

type Rig = ReturnType<typeof createRig>;

interface Opened {
  readonly rig: Rig;
  readonly kept: KeptSeries;
  shown(): Shown;
  close(): Promise<void>;
}

interface Watch {
  received(rig: Rig): Received;
  logs(logs: KeepLogs): KeepLogs;
}

const unwatched: Watch = { received: ({ received }) => received, logs: (logs) => logs };

/** Such an exporter. */
export async function openSeries(
  directory: string,
  machine: Machine,
  pace: Pace,
  line: (text: string) => void,
  watch: Watch = unwatched,
): Promise<Opened> {
  const log = { info: line, warn: line } as unknown as Logger;
  const keep = await openKeep(directory, log);
  const rig = createRig({ expireAfterMs });
  const logs = await keep.open('prometheus');
  let failure: Error | undefined;
  const kept = await createKeptSeries({
    received: watch.received(rig),
    logs: watch.logs(logs),
    time: createKeptTime(clocksOf(machine)),
    log,
    names: '',
    expireAfterMs,
    pace,
    at: ({ at }) => {
      rig.clock.now = at;
    },
    refusal: (_, message) => line(message),
    fail: (error) => {
      failure = error;
    },
  });
  await kept.loaded;
  if (failure !== undefined) throw failure;
  return {
    rig,
    kept,
    shown: () => shownBy(rig),
    async close() {
      await kept.close();
      await keep.close();
    },
  };
}

function shownBy({ shown, store }: Rig): Shown {
  const values = shown();
  const starts: Record<string, number> = {};
  store.view.walk({
    family: () => true,
    row(family, row) {
      const { names, values: labels } = family.labels(row);
      starts[`start of ${family.spec.name}{${names.map((name, index) => `${name}="${labels[index]}"`).join(',')}}`] =
        family.start(row);
    },
  });
  return { ...values, ...starts };
}

/** What a start finds there, and what it says. */
export async function loadKeep(
  directory: string,
  machine: Machine,
): Promise<{ readonly shown: Shown; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const { rig, close } = await openSeries(directory, machine, never, (line) => lines.push(line));
  const shown = shownBy(rig);
  await close();
  return { shown, lines };
}

/** @param next of each sender, the number of its next request */
export async function playKeep(
  t: TestContext,
  directory: string,
  steps: number,
  machine: Machine,
  next: number[],
  { between }: Random,
): Promise<PlayedKeep> {
  const disk = recordDisk(t, directory);
  const states: { from: number; shown: Shown }[] = [];
  const snapshots: { from: number; begun: number; state: number }[] = [];
  const lines: string[] = [];
  let isLoaded = false;
  let [begun, state] = [0, 0];

  function received(rig: Rig): Received {
    const noting = <A extends unknown[], R>(change: (...args: A) => R) => ({
      value(...args: A): R {
        const result = change(...args);
        if (isLoaded) states.push({ from: disk.now, shown: shownBy(rig) });
        return result;
      },
    });
    const { take, expire, states: parts } = rig.received;
    const noted = (mostPoints?: number) => {
      [begun, state] = [disk.now, states.length - 1];
      return parts(mostPoints);
    };
    return Object.create(rig.received, { take: noting(take), expire: noting(expire), states: { value: noted } });
  }

  function logs(opened: KeepLogs): KeepLogs {
    const forgetBefore = (number: number) => {
      snapshots.push({ from: disk.now, begun, state });
      opened.taken.log.forgetBefore(number);
    };
    return {
      ...opened,
      taken: { ...opened.taken, log: Object.create(opened.taken.log, { forgetBefore: { value: forgetBefore } }) },
    };
  }

  const { rig, kept, close } = await openSeries(join(directory, 'kept'), machine, often, (line) => lines.push(line), {
    received,
    logs,
  });
  states.push({ from: disk.now, shown: shownBy(rig) });
  isLoaded = true;
  for (let step = 0; step < steps; step++) {
    machine.ms += between(0, 6);
    // Each is silent for some time, so that its series expire.
    const some = next.map((_, sender) => sender).filter((sender) => (step + 12 * sender) % 48 < 30 && between(0, 1) === 0);
    await Promise.all(
      some.map(async (sender) => {
        const number = next[sender] as number;
        next[sender] = number + 1;
        assert.equal(await kept.take(readBatch(requestFrom(sender, number))), undefined);
      }),
    );
    if (between(0, 1) === 0) await sleep(between(0, 3));
    else await setImmediate();
  }
  await close();
  disk.end();
  return { disk, states, snapshots, lines };
}
