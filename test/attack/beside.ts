/** Honest senders and scrapes beside hostile ones, and the verdict on it. */
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { repeated } from '../full.ts';
import { type AttackName, attacks } from './bodies.ts';
import { type FloodName, floods } from './floods.ts';
import { startAttacker, startHonest } from './programs.ts';
import type { Metered } from './served.ts';
import { judge, turnMs, type Verdict } from './verdict.ts';
import { now, startWatch, type Watch } from './watch.ts';

export type Name = AttackName | FloodName;

/** Before the attack, and from 5 s after it, or 2 in the brief form. */
const quietMs = 1_500;
const settlingMs = repeated(5_000, 2_000, 5_000);
const meanwhileMs = 7_000;

/** Still too long: a point with 8 MB of labels is not divided, and many new series take 38 to 52 ms. */
const longerTurnMs = 100;

export function mostTurnOf(names: readonly Name[]): number {
  return names.some((name) => name === 'long labels' || name === 'many series') ? longerTurnMs : turnMs;
}

/** The same as `sleep`, unless there is nothing to wait for any more. */
async function passed(ms: number, watch: Watch): Promise<number> {
  const end = now() + ms;
  while (now() < end && !watch.gone()) await sleep(Math.max(1, Math.min(50, end - now())));
  return now();
}

/**
 * @param attackers the names of each one's attacks; each is a process of its own
 * @param meanwhile called every few seconds during the attack
 */
export async function beside(
  t: TestContext,
  served: Metered,
  attackers: readonly (readonly Name[])[],
  attackMs: number,
  meanwhile: () => void = () => {},
): Promise<Verdict> {
  const started = await Promise.all(attackers.map((names) => startAttacker(t, served, names)));
  const honest = startHonest(t, served);
  const watch = startWatch(t, served, () => honest.acknowledged);
  // Code that runs for the first time is no measure.
  const before = await passed(quietMs, watch);
  const attack = await passed(quietMs, watch);
  for (const attacker of started) attacker.go();
  const busy = setInterval(meanwhile, meanwhileMs);
  const settling = await passed(attackMs, watch);
  clearInterval(busy);
  const answers = await Promise.all(started.map((attacker) => attacker.stop()));
  const after = await passed(settlingMs, watch);
  const end = await passed(quietMs, watch);
  await honest.stop();
  const { missing } = await watch.scrape();
  const { broken, figures } = judge(
    { before, attack, settling, after, end },
    honest,
    watch,
    served.turns(),
    mostTurnOf(attackers.flat()),
  );
  const wrong = answers.flatMap((own, at) => Object.keys(own).filter((one) => wrongAnswer(attackers[at] ?? [], one)));
  return {
    broken: [...broken, ...missing, ...wrong.map((one) => `the attacker is answered ${one}`)],
    figures: [figures, ...answers.map((own, at) => `${attackers[at]?.join(', ')} was answered ${JSON.stringify(own)}`)].join(
      '\n',
    ),
  };
}

/** 13 is INTERNAL. */
function wrongAnswer(names: readonly Name[], answer: string): boolean {
  const right = names.map((name) => (name in floods ? undefined : attacks[name as AttackName].answer));
  return right.includes(undefined) ? /^(500|grpc 13)$/.test(answer) : !right.includes(answer);
}
