/**
 * One sender does not starve the others: each attack alone, flat out in a process of its own at the lowest priority and on one processor, for METERBRIDGE_ATTACK_SECONDS (default 60) beside
 * five honest senders and a scraper, with a budget of 512 MiB. With METERBRIDGE_ATTACKS=kinds, those of a kind in turn.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { repeated } from '../full.ts';
import { type AttackName, attacks, kinds } from './bodies.ts';
import { type FloodName, floods } from './floods.ts';
import { startAttacker, startHonest } from './programs.ts';
import { startServed } from './served.ts';
import { judge, turnMs, type Verdict } from './verdict.ts';
import { now, startWatch, type Watch } from './watch.ts';

const attackMs = Number(process.env.METERBRIDGE_ATTACK_SECONDS ?? 60) * 1_000;
/** Before the attack, and from 5 s after it, or 2 in the brief form. */
const quietMs = 1_500;
const settlingMs = repeated(5_000, 2_000, 5_000);
const skip = process.platform !== 'linux';

/** The same as `sleep`, unless there is nothing to wait for any more. */
async function passed(ms: number, watch: Watch): Promise<number> {
  const end = now() + ms;
  while (now() < end && !watch.gone()) await sleep(Math.max(1, Math.min(50, end - now())));
  return now();
}

type Name = AttackName | FloodName;

const flooding = (Object.keys(floods) as FloodName[]).map((name) => [name, [name]] as const);
const cases: readonly (readonly [string, readonly Name[]])[] = [
  ...(process.env.METERBRIDGE_ATTACKS === 'kinds'
    ? Object.entries(kinds)
    : Object.values(kinds).flatMap((names) => names.map((name) => [name, [name]] as const))),
  ...flooding,
];

/** Still too long: a point with 8 MB of labels is not divided. */
const longerTurnMs = 100;

function mostTurnOf(names: readonly Name[]): number {
  return names.includes('long labels') ? longerTurnMs : turnMs;
}

async function beside(t: TestContext, names: readonly Name[]): Promise<Verdict> {
  const served = await startServed(t);
  const attacker = await startAttacker(t, served, names);
  const honest = startHonest(t, served);
  const watch = startWatch(t, served, () => honest.acknowledged);
  // Code that runs for the first time is no measure.
  const before = await passed(quietMs, watch);
  const attack = await passed(quietMs, watch);
  attacker.go();
  const settling = await passed(attackMs, watch);
  const answers = await attacker.stop();
  const after = await passed(settlingMs, watch);
  const end = await passed(quietMs, watch);
  await honest.stop();
  const { missing } = await watch.scrape();
  const { broken, figures } = judge({ before, attack, settling, after, end }, honest, watch, served.turns(), mostTurnOf(names));
  const wrong = Object.keys(answers).filter((one) => wrongAnswer(names, one));
  return {
    broken: [...broken, ...missing, ...wrong.map((one) => `the attacker is answered ${one}`)],
    figures: `${figures}\nthe attacker was answered ${JSON.stringify(answers)}`,
  };
}

/** 13 is INTERNAL. */
function wrongAnswer(names: readonly Name[], answer: string): boolean {
  const right = names.map((name) => (name in floods ? undefined : attacks[name as AttackName].answer));
  return right.includes(undefined) ? /^(500|grpc 13)$/.test(answer) : !right.includes(answer);
}

for (const [name, names] of cases) {
  test(`${name}: honest senders and scrapes go on as before`, { skip, timeout: attackMs + 120_000 }, async (t) => {
    const { broken, figures } = await beside(t, names);
    t.diagnostic(figures);
    assert.deepEqual(broken, []);
  });
}
