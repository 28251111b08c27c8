/** The dedicated listener in a thread of its own, which is started again whenever it ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Listener, ListenOptions } from './listen.ts';
import { authorityOf, parseListenAddress } from './listen-address.ts';
import { type ListenerThread, startListenerThread, type ThreadOptions } from './listener-thread.ts';

/** After the second end within a minute; it doubles with each one more. In milliseconds, like the others. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** A thread that has run for so long counts as a sound one. */
const steadyMs = 60_000;

/**
 * Opens the listener in a worker thread, which walks the store's memory itself: it answers while the host's loop is blocked, and costs the
 * host no rendering. Callbacks still run in the host; when it does not acknowledge within 50 ms, its last values are served. Options and
 * errors are those of `listen`. Keeps the process alive until it is closed, like a listener in the host's thread. A thread that ends by itself is
 * started again on the same port: at once, then after a pause that grows from a second to a minute, with a line each time.
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
      current = startListenerThread(thread, again, options);
    }
  }

  async function close(): Promise<void> {
    closed.abort();
    await current.close();
  }

  // Ends by the pause that `close` cuts off.
  void keep().catch(() => {});
  return Object.freeze({ ...bound, close: () => (closing ??= close()) });
}

/** The same host, and the port that was bound where any free one was asked for. */
function withPort(address: string, port: number): string {
  const parsed = parseListenAddress(address, 'listen');
  return parsed.ok ? authorityOf(parsed.address.host, port) : address;
}
