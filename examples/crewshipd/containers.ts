/**
 * The crews' containers: a process each, which stands for one, and a collector that asks each of them for a sample of its
 * statistics.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ContainerReading } from '../../instrumentation/crewshipd/index.ts';
import type { FromAgent, ToAgent, Usage } from './agent.ts';

interface Container {
  readonly child: ChildProcess;
  work?: PromiseWithResolvers<Usage>;
  sample?: { readonly residentBytes: number; readonly at: number };
}

export type Containers = ReturnType<typeof createContainers>;

const POLL_MS = 500;
/** A sample counts for so many polls. */
const POLLS = 3;
const AGENT = fileURLToPath(new URL('./agent.ts', import.meta.url));

export function createContainers() {
  const tracked = new Map<string, Container>();

  function start(crew: string): Container {
    // It gets nothing of the daemon's environment, which holds tokens.
    const child = fork(AGENT, { env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const container: Container = { child };
    function gone(error: Error): void {
      if (tracked.get(crew) === container) tracked.delete(crew);
      container.work?.reject(error);
    }
    child.on('message', (message: FromAgent) => {
      if (message.type === 'stats') container.sample = { residentBytes: message.residentBytes, at: performance.now() };
      else if (message.type === 'done') container.work?.resolve(message.usage);
      else container.work?.reject(new Error(message.error));
    });
    child.on('error', gone);
    child.once('exit', () => gone(new Error('its container has ended')));
    tracked.set(crew, container);
    send(container, { type: 'stats' });
    return container;
  }

  function send({ child }: Container, message: ToAgent): void {
    child.send(message, () => {});
  }

  /** Ends the crew's container, even when it is busy. */
  function kill(crew: string): void {
    tracked.get(crew)?.child.kill('SIGKILL');
    tracked.delete(crew);
  }

  const poll = setInterval(() => {
    for (const container of tracked.values()) if (container.child.connected) send(container, { type: 'stats' });
  }, POLL_MS);

  /** Bytes are those of the last sample, unless that is too old; undefined: it does not answer. */
  const list = () =>
    [...tracked].map(([crew, { child, sample }]) => {
      const isFresh = sample !== undefined && performance.now() - sample.at < POLLS * POLL_MS;
      return { crew, pid: child.pid, residentBytes: isFresh ? sample.residentBytes : undefined };
    });

  return Object.freeze({
    /**
     * Runs something in the crew's container, which is started if there is none. Rejects when it fails, or the container ends.
     */
    run(crew: string, work: Omit<Extract<ToAgent, { type: 'run' }>, 'type'>): Promise<Usage> {
      const container = tracked.get(crew) ?? start(crew);
      container.work = Promise.withResolvers();
      send(container, { type: 'run', ...work });
      return container.work.promise;
    },
    kill,
    list,
    reading: (): ContainerReading => ({
      tracked: tracked.size,
      reporting: list().filter(({ residentBytes }) => residentBytes !== undefined).length,
    }),
    async close(): Promise<void> {
      clearInterval(poll);
      const ended = [...tracked.values()].map(({ child }) => once(child, 'close'));
      for (const crew of tracked.keys()) kill(crew);
      await Promise.all(ended);
    },
  });
}
