/**
 * The dedicated listener in a worker thread. A thread that ends is started again on the same port: at once, then after a pause
 * that grows from a second to a minute. Each restart is logged.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { authorityOf, parseListenAddress } from '../listen/listen-address.ts';
import type { Listener, ListenOptions } from './listen.ts';
import { type ListenerThread, startListenerThread, type ThreadOptions } from './listener-thread.ts';

/** The pause after the second end within a minute, in milliseconds; it doubles with each further end. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** A thread that has run this long, in milliseconds, counts as healthy. */
const steadyMs = 60_000;

/**
 * Opens the listener in a worker thread that reads the store's memory itself: it responds while the application's event loop is
 * blocked, and the main thread renders nothing. Callbacks still run in the main thread; unless it acknowledges within 50 ms, its
 * last values are served. Options and errors are those of
 * `listen`. The listener keeps the process alive until it is closed.
 */
export async function listenInThread(thread: ThreadOptions, address: string, options: ListenOptions = {}): Promise<Listener> {
  const { log = (line: string) => console.error(line) } = options;
  let current: ListenerThread = startListenerThread(thread, address, options);
  const bound = await current.opened;
  const again = withPort(address, bound.address.port);
  const closed = new AbortController();
  let closing: Promise<void> | undefined;

  async function keep(): Promise<void> {
    for (let ends = 1; ; ends++) {
      const startedAt = performance.now();
      const reason = await current.ended;
      if (closed.signal.aborted) return;
      if (performance.now() - startedAt >= steadyMs) ends = 1;
      const pauseMs = ends === 1 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (ends - 2));
      const when = pauseMs === 0 ? 'at once' : `in ${pauseMs / 1000} s`;
      log(`the listener on ${again} has ended (${reason}); it is started again ${when}`);
      await sleep(pauseMs, undefined, { signal: closed.signal });
      // What the first one has logged about its address still applies.
      current = startListenerThread(thread, again, { ...options, ownLoopback: true });
    }
  }

  async function close(): Promise<void> {
    closed.abort();
    await current.close();
  }

  // Ends with the pause, which `close` cuts short.
  void keep().catch(() => {});
  return Object.freeze({ ...bound, close: () => (closing ??= close()) });
}

/** The same host, and the port that was bound where any free one was asked for. */
function withPort(address: string, port: number): string {
  const parsed = parseListenAddress(address, 'listen');
  return parsed.ok ? authorityOf(parsed.address.host, port) : address;
}
