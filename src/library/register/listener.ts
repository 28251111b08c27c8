/**
 * The listener of `meterbridge/register`. It exposes the program's bridges, too, and frees its port for one that listens there.
 */
import type { Handler } from '../../net/http/exchange.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { type Claim, setRegisteredListener } from '../bridge/registered.ts';
import { sharedBridges } from '../bridge/registry.ts';
import { pageOfAll } from './page.ts';
import type { Say } from './variables.ts';

export interface ProgramListener {
  /** Resolves once it listens, or has said why it does not. */
  readonly opened: Promise<void>;
  /** The port; undefined: it does not listen, or has not begun. A listener of the program that took it over has the same. */
  port(): number | undefined;
  close(): Promise<void>;
}

const at = 'METERBRIDGE_LISTEN';

export function createListener(bridge: Bridge, address: string, say: Say, sayError: (error: unknown) => void): ProgramListener {
  const announced = new Set<string>();
  let port: number | undefined;
  let opening = open();

  async function open(): Promise<(() => Promise<void>) | undefined> {
    try {
      const { onRefused } = bridge;
      const { listen } = await import('../../net/pull/listen.ts');
      const opened = await listen(page(), address, { unref: true, at, log: say, onRefused });
      port = opened.address.port;
      return opened.close;
    } catch (error) {
      sayError(error);
      return undefined;
    }
  }

  /** The program's come first: where both have a family, it is the program's. */
  function page(first?: Handler): Handler {
    const ofProgram = () => sharedBridges<Bridge>().map(({ scrape }) => scrape);
    return pageOfAll(() => [...new Set([...(first === undefined ? [] : [first]), ...ofProgram(), bridge.scrape])], sayTwice);
  }

  function sayTwice(names: readonly string[]): void {
    const added = names.filter((name) => !announced.has(name));
    const [first] = added;
    if (first === undefined) return;
    for (const name of added) announced.add(name);
    const more = added.length > 1 ? ` and ${added.length - 1} more` : '';
    say(
      `${first}${more}: several bridges of this process have this name; a scrape shows the first, which is the program's. Fix: measure it once.`,
    );
  }

  async function claim(asked: string, scrape: Handler, thread: boolean): Promise<Claim | undefined> {
    const close = await opening;
    if (close === undefined || Number(/:(\d+)$/.exec(asked)?.[1]) !== port) return undefined;
    opening = Promise.resolve(undefined);
    await close();
    if (thread)
      say(
        `${at}: the program listens at ${asked}, in a thread, which shows its own bridge alone. Fix: leave out thread: true, or set another ${at}.`,
      );
    return {
      page: page(scrape),
      release() {
        opening = open();
      },
    };
  }

  setRegisteredListener({ claim });
  return Object.freeze({
    opened: opening.then(() => {}),
    port: () => port,
    async close() {
      setRegisteredListener(undefined);
      await (await opening)?.();
    },
  });
}
