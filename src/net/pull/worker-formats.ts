/** Requests, from the listener's thread, the formats that only the main thread can make: one request per format at a time. */
import type { Reply } from '../http/exchange.ts';
import type { Formats } from './formats.ts';
import type { Made } from './worker-messages.ts';

export interface WorkerFormats {
  /** Waits for the main thread without a limit: the caller sets the deadline, and sends no second request. */
  readonly made: Formats;
  /** Takes a response of the main thread. */
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
      if (reply === undefined) question?.reject(new Error('the application could not make it'));
      else question?.resolve(reply);
    },
  };
}
