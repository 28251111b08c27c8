/** The crews' containers: a process each, which stands for one, and a collector that asks each of them for a sample of its statistics. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ContainerReading } from '../../instrumentation/crewshipd/index.ts';
import type { FromAgent, ToAgent, Usage } from './agent.ts';

export interface Container {
  readonly crew: string;
  readonly pid: number | undefined;
  /** Of the last sample, unless that is too old; undefined: it does not answer. */
  readonly residentBytes: number | undefined;
}

export interface Containers {
  /** Runs something in the crew's container, which is started if there is none. Rejects when it fails, or the container ends. */
  run(crew: string, work: Omit<Extract<ToAgent, { type: 'run' }>, 'type'>): Promise<Usage>;
  /** Ends the crew's container, whatever it does. */
  kill(crew: string): void;
  list(): readonly Container[];
  reading(): ContainerReading;
  close(): Promise<void>;
}

const POLL_MS = 500;
/** A sample counts for so many polls. */
const POLLS = 3;
const AGENT = fileURLToPath(new URL('./agent.ts', import.meta.url));

interface Tracked {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  sample?: { readonly residentBytes: number; readonly at: number };
}

export function createContainers(): Containers {
  const tracked = new Map<string, Tracked>();

  function start(crew: string): Tracked {
    // It gets nothing of the daemon's environment: there are its tokens.
    const child = fork(AGENT, { env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const one: Tracked = { child, ended };
    child.on('message', (message: FromAgent) => {
      if (message.type === 'stats') one.sample = { residentBytes: message.residentBytes, at: performance.now() };
    });
    child.once('exit', () => forget(crew, one));
    child.once('error', () => forget(crew, one));
    tracked.set(crew, one);
    child.send({ type: 'stats' } satisfies ToAgent);
    return one;
  }

  function forget(crew: string, one: Tracked): void {
    if (tracked.get(crew) === one) tracked.delete(crew);
  }

  function residentBytes({ sample }: Tracked): number | undefined {
    return sample !== undefined && performance.now() - sample.at < POLLS * POLL_MS ? sample.residentBytes : undefined;
  }

  function end(crew: string, one: Tracked): void {
    forget(crew, one);
    one.child.kill('SIGKILL');
  }

  const poll = setInterval(() => {
    for (const { child } of tracked.values()) if (child.connected) child.send({ type: 'stats' } satisfies ToAgent, () => {});
  }, POLL_MS);

  const list = () => [...tracked].map(([crew, one]) => ({ crew, pid: one.child.pid, residentBytes: residentBytes(one) }));
  return Object.freeze({
    run(crew, work) {
      const { child } = tracked.get(crew) ?? start(crew);
      return new Promise<Usage>((resolve, reject) => {
        const over = (settle: () => void): void => {
          child.off('message', hear).off('exit', gone).off('error', reject);
          settle();
        };
        const hear = (message: FromAgent): void => {
          if (message.type === 'done') over(() => resolve(message.usage));
          else if (message.type === 'failed') over(() => reject(new Error(message.error)));
        };
        const gone = (): void => over(() => reject(new Error('its container has ended')));
        child.on('message', hear).once('exit', gone).once('error', reject);
        child.send({ type: 'run', ...work } satisfies ToAgent);
      });
    },
    kill(crew) {
      const one = tracked.get(crew);
      if (one !== undefined) end(crew, one);
    },
    list,
    reading: () => ({ tracked: tracked.size, reporting: list().filter((one) => one.residentBytes !== undefined).length }),
    async close() {
      clearInterval(poll);
      const all = [...tracked];
      for (const [crew, one] of all) end(crew, one);
      await Promise.all(all.map(([, one]) => one.ended));
    },
  } satisfies Containers);
}
