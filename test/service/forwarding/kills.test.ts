/** A few of the kills that `kills.long.ts` has many of. */
import { test } from 'node:test';
import { random } from '../../conformance/random.ts';
import { killed } from './kills.ts';

test('what five senders were told is safe arrives, whenever the process is killed', async (t) => {
  await killed(t, { kills: 3, random: random(1).next });
});
