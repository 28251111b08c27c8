/**
 * Whether names meet in OpenMetrics, as families come and go: a counter `queue` has `queue`, `queue_total` and `queue_created`
 * there ("Counter").
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultStrategy, type Kind, seriesNames } from '../../../../src/core/naming/index.ts';
import { MeetingNames } from '../../../../src/formats/exposition/write/lines/meeting-names.ts';

const namesOf = (name: string, kind: Kind) => seriesNames({ name, unit: '', kind }, defaultStrategy, '');
const counter = namesOf('queue', 'counter');
const gauge = namesOf('queue', 'gauge');
const created = namesOf('queue.created', 'gauge');

test('names meet as long as two families have them', () => {
  const names = new MeetingNames();
  const steps = [
    ['enter', counter, false],
    ['enter', gauge, true],
    ['enter', created, true],
    ['leave', gauge, true],
    ['leave', created, false],
    ['enter', gauge, true],
    ['leave', counter, false],
    ['leave', gauge, false],
  ] as const;
  for (const [at, [step, one, expected]] of steps.entries()) {
    names[step](one);
    assert.equal(names.some, expected, `step ${at}`);
  }
});

test('families of one name and kind, which are shown together, do not meet themselves, and go with the last of them', () => {
  const names = new MeetingNames();
  names.enter(gauge);
  names.enter(gauge);
  assert.equal(names.some, false);
  names.enter(counter);
  names.leave(gauge);
  assert.equal(names.some, true);
  names.leave(gauge);
  assert.equal(names.some, false);
});
