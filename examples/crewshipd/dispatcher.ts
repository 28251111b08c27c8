/** Passes assignments from the queue to the crews' containers: one at a time for each crew, and up to a limit in all. */
import { AGAIN_MS, type Bookkeeping } from '../bookkeeping.ts';
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
  readonly books: Bookkeeping;
  readonly containers: Containers;
  readonly provider: StandIn;
  readonly maxRuns: number;
  readonly onEvent: (event: Event) => void;
  readonly log: (line: string) => void;
}

export type Dispatcher = ReturnType<typeof createDispatcher>;

export function createDispatcher({ store, books, containers, provider, maxRuns, onEvent, log }: DispatcherOptions) {
  const running = new Map<number, { readonly crew: string; stop(how: Ending): void; readonly over: Promise<void> }>();
  let dropped = 0;
  let closing = false;
  let again: NodeJS.Timeout | undefined;

  /** Something was queued. */
  function pump(): void {
    clearTimeout(again);
    if (!books.attempt('taking from the queue', takeAll)) again = setTimeout(pump, AGAIN_MS);
  }

  function takeAll(): void {
    while (!closing && running.size < maxRuns) {
      const next = store.next(new Set([...running.values()].map(({ crew }) => crew)));
      if (next === undefined) return;
      begin(next);
    }
  }

  function begin(assignment: Assignment): void {
    const { id, crew, timeoutMs } = assignment;
    store.begin(id, Date.now());
    let stopped: Ending | undefined;
    const stop = (how: Ending): void => {
      stopped ??= how;
      containers.kill(crew);
    };
    const timer = setTimeout(stop, timeoutMs, 'timeout');
    onEvent({ assignment: id, crew, event: 'started' });
    const over = work(assignment)
      .then((): Ending => 'completed')
      .catch((error: Error): Ending => {
        log(`assignment ${id}: ${stopped ?? error.message}`);
        return stopped ?? 'failed';
      })
      .then((ending) => {
        clearTimeout(timer);
        const endedAt = Date.now();
        books.insist('ending an assignment', () => void store.end(id, ending, endedAt));
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
    const usage = { provider: name, inputTokens, outputTokens, costUsd: costUsd(inputTokens, outputTokens) };
    books.insist('booking costs', () => store.spend(usage));
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
    /** Cancels running assignments; queued ones stay queued. */
    async close(): Promise<void> {
      closing = true;
      clearTimeout(again);
      const left = [...running.values()];
      for (const one of left) one.stop('cancelled');
      await Promise.all(left.map(({ over }) => over));
    },
  });
}
