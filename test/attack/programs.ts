/** The honest and the hostile senders, each a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Answers } from './attacker.ts';
import type { AttackName } from './bodies.ts';
import type { Came } from './far.ts';
import type { FloodName } from './floods.ts';
import type { Answered } from './honest.ts';
import { seriesOfSender } from './page.ts';
import type { Served } from './served.ts';

export interface Honest {
  readonly answered: readonly Answered[];
  /** By sender, the value of all its series that was answered 200 last. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Resolves once every request has its answer. */
  stop(): Promise<void>;
}

/** @param name that the names of the senders begin with */
export function startHonest(t: TestContext, { http, grpc }: Served, name = 'honest'): Honest {
  const child = fork(join(import.meta.dirname, 'honest.ts'), [http, grpc, name]);
  t.after(() => child.kill('SIGKILL'));
  const answered: Answered[] = [];
  const acknowledged = new Map<string, number>();
  child.on('message', (one: Answered) => {
    answered.push(one);
    if (one.status === '200') acknowledged.set(one.sender, one.number);
  });
  return {
    answered,
    acknowledged,
    async stop() {
      const end = once(child, 'close');
      child.send('stop');
      await end;
    },
  };
}

export interface Attacker {
  go(): void;
  stop(): Promise<Answers>;
}

/** How many requests are under way, and how long each lane rests behind one. */
export interface Pace {
  readonly lanes: number;
  readonly pauseMs: number;
}

/** @param pace of a moderate attacker; absent: flat out */
export async function startAttacker(
  t: TestContext,
  served: Served,
  names: readonly (AttackName | FloodName)[],
  pace?: Pace,
): Promise<Attacker> {
  const { http, grpc, page } = served;
  const { lanes, pauseMs } = pace ?? { lanes: 0, pauseMs: 0 };
  const child = fork(join(import.meta.dirname, 'attacker.ts'), [http, grpc, page, String(lanes), String(pauseMs), ...names]);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'message');
  return {
    go: () => void child.send('go'),
    async stop() {
      const told = once(child, 'message');
      child.send('stop');
      return (await told)[0];
    },
  };
}

export interface Far {
  /** By sender, what all its series have reached there. */
  shown(): ReadonlyMap<string, number>;
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function startFar(t: TestContext, port: number): Promise<Far> {
  const reached = new Map<string, Map<string, number>>();
  let child: ChildProcess | undefined;
  t.after(() => child?.kill('SIGKILL'));
  async function start(): Promise<void> {
    child = fork(join(import.meta.dirname, 'far.ts'), [String(port)]);
    child.on('message', (came: Came) => {
      for (const [sender, series] of Object.entries(came)) {
        const own = reached.get(sender) ?? new Map<string, number>();
        for (const [name, value] of Object.entries(series)) own.set(name, Math.max(own.get(name) ?? 0, value));
        reached.set(sender, own);
      }
    });
    await once(child, 'message');
  }
  await start();
  return {
    start,
    shown() {
      const whole = [...reached].filter(([, { size }]) => size === seriesOfSender);
      return new Map(whole.map(([sender, series]) => [sender, Math.min(...series.values())]));
    },
    async kill() {
      const end = once(child as ChildProcess, 'exit');
      child?.kill('SIGKILL');
      await end;
    },
  };
}
