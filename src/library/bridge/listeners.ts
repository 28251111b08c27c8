/** The dedicated listeners of a bridge, in this thread or in a worker thread. */
import { MeterbridgeError } from '../../core/errors/error.ts';
import { fromCaller } from '../../core/errors/from-caller.ts';
import {
  callback,
  checkOptions,
  flag,
  listOf,
  type OptionRules,
  object,
  options,
  text,
  urlPath,
} from '../../core/errors/option-rules.ts';
import { accessRule } from '../../net/access/check-access.ts';
import type { Refused } from '../../net/access/guarded.ts';
import { requestLogRules } from '../../net/access/log/request-log.ts';
import type { Handler } from '../../net/http/exchange.ts';
import { listenFailed } from '../../net/listen/listen-failed.ts';
import { notAddress } from '../../net/listen/not-address.ts';
import type { Listener, ListenOptions } from '../../net/pull/index.ts';
import { isShown, pageProblems, pageRule, withPage } from './page-option.ts';
import { registeredListener } from './registered.ts';
import { handedOverLine } from './reload.ts';
import { safeLog } from './safe-log.ts';
import { type OneOfWorkers, orHeldLine } from './several-processes.ts';
import type { BridgePage } from './status/bridge-page.ts';

export interface BridgeListenOptions extends ListenOptions {
  /** Runs the listener in a worker thread. Costs about 10 MB and a few milliseconds. Default: false. */
  readonly thread?: boolean;
  /**
   * Serves a page at `/` that shows what flows: instruments, series, rejected measurements, scrapes and pushes: see
   * docs/status-page.md. Clients have to pass
   * `access` there too. `true`: unless `NODE_ENV` is `production`. `'always'`: there too. Not with `thread`. Default: false.
   */
  readonly page?: boolean | 'always';
}

type InThread = Parameters<typeof import('../../net/pull/listen-in-thread.ts').listenInThread>[0];

export interface ListenersOptions {
  readonly scrape: Handler;
  /** Undefined: the scrape needs this thread. */
  readonly inThread: InThread | undefined;
  readonly log: (line: string) => void;
  /** A later listener replaces an earlier one at the same address, and this receives the log line. Absent: it is an error. */
  readonly handOver?: ((line: string) => void) | undefined;
  readonly onRefused: (event: Refused) => void;
  readonly worker: OneOfWorkers;
  /** Opens what a listener with `page` shows. */
  readonly openPage: () => Promise<BridgePage>;
}

export interface Listeners {
  listen(address: string, options?: BridgeListenOptions): Promise<Listener>;
  /** Closes all listeners, also those still opening. `listen` fails from now on. */
  close(): Promise<void>;
}

/** Any free port, which no earlier listener holds. */
const anyPort = /:0+$/;

export function createListeners({ scrape, inThread, log, handOver, onRefused, worker, openPage }: ListenersOptions): Listeners {
  /** With their addresses; includes those still opening. */
  const listeners = new Map<Promise<Listener>, string>();
  let closed = false;

  // Loaded on the first call, so that importing Meterbridge stays fast.
  async function open(address: string, { thread = false, page = false, ...options }: BridgeListenOptions): Promise<Listener> {
    if (handOver !== undefined && !anyPort.test(address)) await takeOver(address, handOver);
    const shown = isShown(page, address, log) ? await openPage() : undefined;
    if (thread && inThread === undefined) throw threadOfProcesses(options.at, address);
    const shared = inThread === undefined;
    if (!shared) worker.listens(address);
    const claim = await registeredListener()?.claim(address, scrape, thread);
    const opening =
      thread && inThread !== undefined
        ? import('../../net/pull/listen-in-thread.ts').then(({ listenInThread }) => listenInThread(inThread, address, options))
        : import('../../net/pull/listen.ts').then(({ listen }) =>
            withPage(listen, claim?.page ?? scrape, address, options, shown),
          );
    opening.catch(() => claim?.release());
    return orHeldLine(opening, address, shared, log);
  }

  /** Closes what an earlier evaluation of the application's module has opened at this address. */
  async function takeOver(address: string, replaced: (line: string) => void): Promise<void> {
    for (const [opening, at] of [...listeners]) {
      if (at !== address) continue;
      listeners.delete(opening);
      replaced(handedOverLine(address));
      await opening.then((earlier) => earlier.close(), ignore);
    }
  }

  function untilClosed(opening: Promise<Listener>, address: string): Promise<Listener> {
    const held = opening.then(({ close, ...listener }) =>
      Object.freeze({ ...listener, close: () => close().finally(() => listeners.delete(held)) }),
    );
    listeners.set(held, address);
    held.catch(() => listeners.delete(held));
    return held;
  }

  async function openChecked(address: string, given: BridgeListenOptions): Promise<Listener> {
    checkOptions('OPTION_INVALID', given, 'listen options', rules);
    const problems = pageProblems(given);
    if (problems.length > 0) throw new MeterbridgeError('OPTION_INVALID', problems);
    if (typeof address !== 'string')
      throw new MeterbridgeError('LISTEN_ADDRESS_INVALID', [notAddress(address, given.at ?? 'listen')]);
    if (closed) throw closedListener(given.at, address);
    const opening = open(address, {
      ...given,
      log: given.log === undefined ? log : safeLog(given.log),
      onRefused(event) {
        onRefused(event);
        given.onRefused?.(event);
      },
    });
    const listener = await untilClosed(opening, address);
    if (!closed) return listener;
    await listener.close();
    throw closedListener(given.at, address);
  }

  function listen(address: string, given: BridgeListenOptions = {}): Promise<Listener> {
    return fromCaller(listen, () => openChecked(address, given));
  }

  return Object.freeze<Listeners>({
    listen,
    async close() {
      closed = true;
      await Promise.allSettled([...listeners.keys()].map(async (opening) => (await opening).close()));
    },
  });
}

const paths = listOf(urlPath, "write e.g. '/metrics', or ['/metrics', '/']");
const rules: OptionRules<BridgeListenOptions> = {
  path: (value, at) => (Array.isArray(value) ? paths(value, at) : urlPath(value, at)),
  access: accessRule,
  formats: object,
  guardAll: flag,
  notFound: object,
  public: flag,
  webConfig: text,
  requestLog: options(requestLogRules),
  log: callback,
  at: text,
  publicSetting: text,
  threadFile: (value, at) => (value instanceof URL ? [] : text(value, at)),
  unref: flag,
  ownLoopback: flag,
  onRefused: callback,
  thread: flag,
  page: pageRule,
};

function ignore(): void {}

function threadOfProcesses(at: string | undefined, address: string): Error {
  return listenFailed(
    at,
    address,
    'a scrape of all processes is answered by this thread',
    'leave out thread: true, or options.processes',
  );
}

function closedListener(at: string | undefined, address: string): Error {
  const rule = 'a listener is opened before its bridge is closed, which would show values that no longer change';
  return listenFailed(at, address, rule, 'call listen() before close(), or on another bridge');
}
