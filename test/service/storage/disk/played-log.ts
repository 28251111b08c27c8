/** Random use of a log on a disk that is recorded, with what its user knows at each moment. */
import type { TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  openRecordLog,
  type RecordLog,
  type RecordLogOptions,
  type StoredRecord,
} from '../../../../src/service/storage/log/record-log.ts';
import { payloadOf, textOf } from '../log/rig.ts';
import { type RecordedDisk, recordDisk } from './record-disk.ts';

/** One thing that was stored, alone or merged with others: `number` of it. Moments; absent: never. */
export interface Unit {
  readonly number: number;
  readonly from: number;
  acknowledged?: number;
  /** Its last record was handed over to be done. */
  done?: number;
}

export interface Played {
  readonly disk: RecordedDisk;
  readonly units: readonly Unit[];
}

interface Known {
  readonly record: StoredRecord;
  readonly units: readonly Unit[];
}

export const textFor = (units: readonly Pick<Unit, 'number'>[]) => units.map(({ number }) => number).join('+');
/** Of a record's payload. */
export const unitsIn = (payload: Uint8Array) => textOf(payload).split('+').map(Number);

const name = 'queue';

export const openLog = (directory: string, options: Partial<RecordLogOptions> = {}) =>
  openRecordLog({ directory, name, fsync: true, maxBytes: 0, segmentBytes: 4_096, warn: () => {}, ...options });

export async function playLog(t: TestContext, directory: string, steps: number, random: () => number): Promise<Played> {
  const disk = recordDisk(t, directory);
  const below = (count: number) => Math.floor(random() * count);
  const isBounded = random() < 1 / 2;
  const options = isBounded ? { maxBytes: 48 * 1_024 } : {};
  const units: Unit[] = [];
  let known: Known[] = [];
  let log: RecordLog = await openLog(directory, options);

  async function append(): Promise<void> {
    const unit: Unit = { number: units.length + 1, from: disk.now };
    units.push(unit);
    try {
      const record = await log.append(payloadOf(textFor([unit]), 8 + below(900)), 1);
      unit.acknowledged = disk.now;
      known.push({ record, units: [unit] });
    } catch {
      // It is full.
    }
  }

  function done(): void {
    const [gone] = known.splice(below(Math.min(4, known.length)), 1);
    for (const unit of gone?.units ?? []) unit.done = disk.now;
    if (gone !== undefined) log.done(gone.record);
  }

  async function replace(): Promise<void> {
    const at = below(known.length);
    const old = known.slice(at, at + 2 + below(6));
    const all = old.flatMap((one) => one.units);
    const cut = 1 + below(all.length);
    const by = [all.slice(0, cut), all.slice(cut)].filter((some) => some.length > 0);
    try {
      const records = await log.replace(
        old.map(({ record }) => record),
        by.map((some) => ({ payload: payloadOf(textFor(some), 500 + below(2_000)), points: 1 })),
      );
      known.splice(at, old.length, ...records.map((record, index) => ({ record, units: by[index] as readonly Unit[] })));
    } catch {
      // It is full.
    }
  }

  for (let step = 0; step < steps; step++) {
    const which = random();
    if (which < 0.5) await Promise.all(Array.from({ length: 1 + below(3) }, append));
    else if (which < 0.8 && known.length > 0) done();
    else if (which < 0.93 && known.length > 1) await replace();
    else if (which < 0.96) {
      await log.close();
      log = await openLog(directory, options);
      const found = await Promise.all(log.live.map(async (record) => ({ record, numbers: unitsIn(await log.read(record)) })));
      known = found.map(({ record, numbers }) => ({ record, units: numbers.map((number) => units[number - 1] as Unit) }));
    } else await setImmediate();
  }
  await log.close();
  disk.end();
  return { disk, units };
}
