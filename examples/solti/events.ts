/** What happens to tasks, told to subscribers. Each has a queue of its own, so that a slow one holds up nobody. */
import type { SoltiRunner, SoltiSupervision, TaskPhase } from '../../instrumentation/solti/index.ts';

export interface TaskEvent {
  /** ISO 8601. */
  readonly at: string;
  readonly task: string;
  readonly runner: SoltiRunner;
  readonly phase: TaskPhase;
  readonly attempt: number;
  readonly how: string;
}

export interface Subscriber {
  readonly name: string;
  /** Events that wait; what is beyond is dropped. */
  readonly queue: number;
  /** Asked one event at a time; rejects when it fails at one. Aborted, it ends at once. */
  handle(event: TaskEvent, signal: AbortSignal): Promise<void>;
}

export type Events = ReturnType<typeof createEvents>;

export function createEvents(subscribers: readonly Subscriber[], supervision: SoltiSupervision, log: (line: string) => void) {
  const closing = new AbortController();
  const { signal } = closing;
  const queues = subscribers.map((subscriber) => ({
    subscriber,
    waiting: [] as TaskEvent[],
    draining: undefined as Promise<void> | undefined,
  }));

  async function drain({ handle, name }: Subscriber, waiting: TaskEvent[]): Promise<void> {
    for (let event = waiting.shift(); event !== undefined && !signal.aborted; event = waiting.shift()) {
      try {
        await handle(event, signal);
      } catch (error) {
        if (signal.aborted) return;
        supervision.subscriberPanicked();
        log(`subscriber ${name} failed: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  return Object.freeze({
    publish(event: TaskEvent): void {
      for (const queue of queues) {
        const { subscriber, waiting } = queue;
        if (waiting.length >= subscriber.queue) supervision.subscriberOverflowed();
        else waiting.push(event);
        queue.draining ??= drain(subscriber, waiting).finally(() => {
          queue.draining = undefined;
        });
      }
    },
    /** Ends what is being handled, and drops what waits. */
    async close(): Promise<void> {
      closing.abort();
      await Promise.all(queues.map(({ draining }) => draining));
    },
  });
}
