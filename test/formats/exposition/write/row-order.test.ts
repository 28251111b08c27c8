/** Rows of a sorted family come in the order of their labels, whenever they come and go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, type Family, type FamilySpec, type Row } from '../../../../src/core/store/index.ts';
import { createRenderer } from '../../../../src/formats/exposition/write/renderer.ts';
import type { Rendering } from '../../../../src/formats/exposition/write/rendering.ts';
import { takeRow } from '../../../core/store/labels.ts';

const spec: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: ['id'], sorted: true, maxAgeMs: 60_000 };

function rig() {
  const store = createStore();
  const family = store.source({ scope: { name: 'test' } }).family(spec, true);
  let onPause = () => {};
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
    onPause();
  };
  const renderer = createRenderer(store.view, { pace: () => ({ due: () => true, rest: pause }) });

  async function shown(during = () => {}): Promise<string[]> {
    onPause = during;
    pauses = 0;
    const { body } = (await renderer.render('text')) as Rendering;
    const lines = Buffer.from(body).toString().trimEnd().split('\n').slice(2);
    return lines.map((line) => /^app_x\{id="(.*)"\} 1$/.exec(line)?.[1] ?? assert.fail(line));
  }
  return { family, shown, pauses: () => pauses };
}

class Members {
  readonly rows = new Map<string, Row>();
  private readonly family: Family;

  constructor(family: Family) {
    this.family = family;
  }

  /** Comes if it is not there, goes if it is. */
  toggle(id: string): void {
    const row = this.rows.get(id);
    if (row === undefined) this.rows.set(id, takeRow(this.family, { id }, 0, 1));
    else {
      this.family.drop(row);
      this.rows.delete(id);
    }
  }

  /** By UTF-16 code unit, as JavaScript sorts. */
  sorted(): string[] {
    return [...this.rows.keys()].sort();
  }
}

const ids = fc.array(fc.stringMatching(/^[a-cé\uffee😀]{1,3}$/u), { maxLength: 60 });

test('the order is that of a plain sort, though rows come and go between scrapes and while one pauses', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ before: ids, during: ids }), { minLength: 1, maxLength: 6 }), async (scrapes) => {
      const { family, shown } = rig();
      const members = new Members(family);
      for (const { before, during } of scrapes) {
        for (const id of before) members.toggle(id);
        assert.deepEqual(await shown(), members.sorted());

        const stayed = new Set(members.rows.keys());
        const left = [...during];
        const meanwhile = await shown(() => {
          const id = left.shift();
          if (id === undefined) return;
          members.toggle(id);
          stayed.delete(id);
        });
        assert.deepEqual(meanwhile, [...new Set(meanwhile)].sort());
        for (const id of stayed) assert.ok(meanwhile.includes(id), id);
        assert.deepEqual(await shown(), members.sorted());
      }
    }),
    { numRuns: 200 },
  );
});

test('one new row among thousands is put into its place, and the others are not sorted again', async () => {
  const { family, shown, pauses } = rig();
  const members = new Members(family);
  for (let index = 0; index < 5_000; index++) members.toggle(`id-${(index * 7_919) % 5_000}`);
  await shown();
  await shown();
  const still = pauses();
  members.toggle('id-1234x');
  assert.deepEqual(await shown(), members.sorted());
  assert.ok(pauses() <= still + 10, `${pauses()} pauses, ${still} without it`);
});
