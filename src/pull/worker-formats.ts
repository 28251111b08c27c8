/** Having the host make what it alone can, from the listener's thread: one question a format at a time. */
import type { Reply } from '../http/exchange.ts';
import type { Formats } from './formats.ts';
import type { Made } from './worker-messages.ts';

export interface WorkerFormats {
  /** Each waits for the host, however long it takes: who asks sets the deadline, and does not ask twice. */
  readonly made: Formats;
  /** What the host answers. */
  hear(made: Made): void;
}

export function createWorkerFormats(names: readonly string[], ask: (format: string) => void): WorkerFormats {
  const waiting = new Map<string, PromiseWithResolvers<Reply>>();

  function asked(format: string): Promise<Reply> {
    const question = Promise.withResolvers<Reply>();
    waiting.set(format, question);
    ask(format);
    return question.promise;
  }

  return {
    made: Object.fromEntries(names.map((name) => [name, () => asked(name)])),
    hear({ format, reply }) {
      const question = waiting.get(format);
      waiting.delete(format);
      if (reply === undefined) question?.reject(new Error('the host could not make it'));
      else question?.resolve(reply);
    },
  };
}
