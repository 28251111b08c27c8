/**
 * Whatever happens to a log, and whenever its process is killed: what was acknowledged and is not done is live, in its order, and
 * nothing else ever was written.
 */
import assert from 'node:assert/strict';
import { statSync, truncateSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RecordLog, StoredRecord } from '../../../../src/service/storage/log/record-log.ts';
import { liveTexts, payloadOf, rig } from './rig.ts';

interface Known {
  readonly record: StoredRecord;
  readonly text: string;
}

const index = fc.nat({ max: 1_000 });
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('append'), length: fc.integer({ min: 8, max: 900 }), now: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('done'), at: index }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('replace'),
      at: index,
      count: fc.integer({ min: 1, max: 4 }),
      by: fc.nat({ max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash'), cut: fc.nat({ max: 200 }) }) },
);

test('a log is what its model is', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), fc.boolean(), async (actions, isBounded) => {
      const on = rig(t);
      const options = { segmentBytes: 4_096, ...(isBounded && { maxBytes: 64 * 1_024 }) };
      let log: RecordLog = await on.open(options);
      let known: Known[] = [];
      let written = 0;
      const next = () => `record ${++written}`;
      const refound = (texts: readonly string[]) => {
        known = log.live.map((record, at) => ({ record, text: texts[at] as string }));
      };
      for (const one of actions) {
        if (one.kind === 'append') {
          const text = next();
          const payload = payloadOf(text, one.length);
          const atOnce = one.now ? log.appendNow([payload.subarray(0, 5), payload.subarray(5)], 1) : undefined;
          const record = atOnce ?? (await log.append(payload, 1).catch(() => undefined));
          if (record !== undefined) known.push({ record, text });
        } else if (one.kind === 'done') {
          const [gone] = known.splice(one.at % Math.max(1, known.length), 1);
          if (gone !== undefined) log.done(gone.record);
        } else if (one.kind === 'replace') {
          const at = one.at % Math.max(1, known.length);
          const old = known.slice(at, at + one.count);
          if (old.length === 0) continue;
          const texts = Array.from({ length: one.by }, next);
          const records = await log
            .replace(
              old.map(({ record }) => record),
              texts.map((text) => ({ payload: payloadOf(text), points: 1 })),
            )
            .catch(() => undefined);
          if (records !== undefined)
            known.splice(at, old.length, ...records.map((record, number) => ({ record, text: texts[number] as string })));
        } else if (one.kind === 'reopen') {
          await log.close();
          log = await on.open(options);
          assert.deepEqual(
            await liveTexts(log),
            known.map(({ text }) => text),
          );
          refound(known.map(({ text }) => text));
        } else {
          const copy = on.crashed();
          const last = copy.files().at(-1);
          // Cut off is what was never acknowledged: it is more than there is.
          const torn = rig(t, copy.directory);
          const crashed = await copy.open(options);
          const live = await liveTexts(crashed);
          const expected = known.map(({ text }) => text);
          assert.deepEqual(
            live.filter((text) => expected.includes(text)),
            expected,
          );
          await crashed.close();
          if (last === undefined) continue;
          const file = last.replace(copy.directory, torn.directory);
          truncateSync(file, Math.max(0, statSync(file).size - one.cut));
          const after = await torn.open(options);
          for (const text of await liveTexts(after)) assert.match(text, /^record \d+$/);
          await after.close();
        }
      }
      await log.close();
    }),
    { numRuns: 60 },
  );
});
