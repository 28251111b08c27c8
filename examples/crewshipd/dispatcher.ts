/** Takes assignments from the queue to the crews' containers: one at a time in each crew, so many at a time in all. */
import type { Containers } from './containers.ts';
import type { StandIn } from './stand-in-provider.ts';
import type { Assignment, Ending, Store } from './store.ts';

export interface Event {
  readonly assignment: number;
  readonly crew: string;
  readonly event: 'started' | Ending;
}

export interface DispatcherOptions {
  readonly store: Store;
  readonly containers: Containers;
  readonly provider: StandIn;
  readonly maxRuns: number;
  readonly onEvent: (event: Event) => void;
  readonly log: (line: string) => void;
}

export type Dispatcher = ReturnType<typeof createDispatcher>;

export function createDispatcher({ store, containers, provider, maxRuns, onEvent, log }: DispatcherOptions) {
  const running = new Map<number, { readonly crew: string; stop(how: Ending): void; readonly over: Promise<void> }>();
  let dropped = 0;
  let closing = false;

  /** Something was queued. */
  function pump(): void {
    while (!closing && running.size < maxRuns) {
      const next = store.next(new Set([...running.values()].map(({ crew }) => crew)));
      if (next === undefined) return;
      begin(next);
    }
  }

  function begin(assignment: Assignment): void {
    const { id, crew, timeoutMs } = assignment;
    let stopped: Ending | undefined;
    const stop = (how: Ending): void => {
      stopped ??= how;
      containers.kill(crew);
    };
    const timer = setTimeout(stop, timeoutMs, 'timeout');
    store.begin(id, Date.now());
    onEvent({ assignment: id, crew, event: 'started' });
    const over = work(assignment)
      .then((): Ending => 'completed')
      .catch((error: Error): Ending => {
        log(`assignment ${id}: ${stopped ?? error.message}`);
        return stopped ?? 'failed';
      })
      .then((ending) => {
        clearTimeout(timer);
        store.end(id, ending, Date.now());
        running.delete(id);
        onEvent({ assignment: id, crew, event: ending });
        pump();
      });
    running.set(id, { crew, stop, over });
  }

  async function work({ id, crew, prompt, maxTokens }: Assignment): Promise<void> {
    const { name, url, key, costUsd } = provider;
    if (!store.auditCredential(name, id, Date.now())) dropped += 1;
    const { inputTokens, outputTokens } = await containers.run(crew, { url, key, prompt, maxTokens });
    store.spend({ provider: name, inputTokens, outputTokens, costUsd: costUsd(inputTokens, outputTokens) });
  }

  return Object.freeze({
    pump,
    /** False when it is neither queued nor running. */
    cancel(id: number): boolean {
      const one = running.get(id);
      one?.stop('cancelled');
      return one !== undefined || store.end(id, 'cancelled', Date.now());
    },
    /** Credential audit records that were lost. */
    auditDropped: () => dropped,
    /** Cancels what runs; what is queued stays so. */
    async close(): Promise<void> {
      closing = true;
      const left = [...running.values()];
      for (const one of left) one.stop('cancelled');
      await Promise.all(left.map(({ over }) => over));
    },
  });
}
