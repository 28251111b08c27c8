/** Reports the events of tasks to subscribers. Each has its own queue, so that a slow one delays no other. */
import type { SoltiRunner, SoltiSupervision, TaskPhase } from '../../instrumentation/solti/index.ts';
import type { SoltiConfig, SubscriberConfig } from './config.ts';
import { runCommand } from './run-command.ts';

export interface TaskEvent {
  /** ISO 8601. */
  readonly at: string;
  readonly task: string;
  readonly runner: SoltiRunner;
  readonly phase: TaskPhase;
  readonly attempt: number;
  readonly how: string;
}

export type Events = ReturnType<typeof createEvents>;

/**
 * Subscribers are commands: each event is a line of JSON on the standard input of a process of its own, which has to exit with 0.
 * Events beyond a subscriber's queue are dropped.
 */
export function createEvents({ subscribers, folder }: SoltiConfig, supervision: SoltiSupervision, log: (line: string) => void) {
  const closing = new AbortController();
  const { signal } = closing;
  const queues = subscribers.map((subscriber) => ({
    subscriber,
    waiting: [] as TaskEvent[],
    draining: undefined as Promise<void> | undefined,
  }));

  async function drain({ name, command }: SubscriberConfig, waiting: TaskEvent[]): Promise<void> {
    const line = (text: string) => log(`${name} | ${text}`);
    for (let event = waiting.shift(); event !== undefined && !signal.aborted; event = waiting.shift()) {
      const input = `${JSON.stringify(event)}\n`;
      const how = await runCommand(command, { folder, signal, input, line }).then(
        (exit) => (exit.code === 0 ? undefined : exit.how),
        (error: Error) => error.message,
      );
      if (signal.aborted) return;
      if (how === undefined) continue;
      supervision.subscriberPanicked();
      log(`subscriber ${name} failed: ${how}`);
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
