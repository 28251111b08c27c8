/** The dedicated listeners of a bridge, in this thread or in a worker thread. */
import type { Refused } from '../access/guarded.ts';
import type { Handler } from '../http/exchange.ts';
import type { Listener, ListenOptions } from '../pull/index.ts';
import { listenFailed } from '../pull/listen-failed.ts';
import { safeLog } from './safe-log.ts';

export interface BridgeListenOptions extends ListenOptions {
  /** Runs the listener in a worker thread. Costs about 10 MB and a few milliseconds. Default: false. */
  readonly thread?: boolean;
}

type InThread = Parameters<typeof import('../pull/listen-in-thread.ts').listenInThread>[0];

export interface ListenersOptions {
  readonly scrape: Handler;
  readonly inThread: InThread;
  readonly log: (line: string) => void;
  readonly onRefused: (event: Refused) => void;
}

export interface Listeners {
  listen(address: string, options?: BridgeListenOptions): Promise<Listener>;
  /** Closes all listeners, also those still opening. `listen` fails from now on. */
  close(): Promise<void>;
}

export function createListeners({ scrape, inThread, log, onRefused }: ListenersOptions): Listeners {
  /** Includes those still opening. */
  const listeners = new Set<Promise<Listener>>();
  let closed = false;

  // Loaded on the first call, so that importing Meterbridge stays fast.
  async function open(address: string, { thread = false, ...options }: BridgeListenOptions): Promise<Listener> {
    return thread
      ? (await import('../pull/listen-in-thread.ts')).listenInThread(inThread, address, options)
      : (await import('../pull/listen.ts')).listen(scrape, address, options);
  }

  return Object.freeze<Listeners>({
    async listen(address, given = {}) {
      if (closed) throw closedListener(given.at, address);
      const opening = open(address, {
        ...given,
        log: given.log === undefined ? log : safeLog(given.log),
        onRefused(event) {
          onRefused(event);
          given.onRefused?.(event);
        },
      });
      listeners.add(opening);
      opening.catch(() => listeners.delete(opening));
      const listener = await opening;
      if (!closed) return listener;
      await listener.close();
      throw closedListener(given.at, address);
    },
    async close() {
      closed = true;
      await Promise.allSettled([...listeners].map(async (opening) => (await opening).close()));
    },
  });
}

function closedListener(at: string | undefined, address: string): Error {
  const rule = 'a listener is opened before its bridge is closed, which would show values that no longer change';
  return listenFailed(at, address, rule, 'call listen() before close(), or on another bridge');
}
