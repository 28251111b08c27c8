/** `meterbridge demo`: the shop at work, its metrics pulled and pushed, on one screen and on a page. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board } from './board/board.ts';
import { boardLines } from './board/board-lines.ts';
import { boardText } from './board/board-text.ts';
import { showLive } from './board/live.ts';
import type { Screen } from './board/screen.ts';
import { startProbe } from './observation/probe.ts';
import { ofInstance } from './observation/samples.ts';
import { type WatchedShop, watchShop } from './observation/watched-shop.ts';
import { freePorts, takenSince } from './ports.ts';
import { startReceiver } from './receiver.ts';
import { type Shop, startShop } from './start-shop.ts';

export interface DemoOptions {
  readonly stdout: Screen;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** The page's; the others follow. 0: any. */
  readonly port: number;
  /** Some seconds of work, the table, and whether it agrees; no page. */
  readonly once: boolean;
  readonly interrupted: AbortSignal;
}

const onceMs = 5_000;
const names = ['the page', 'the shop', 'its metrics', 'OpenTelemetry’s exporter', 'what was pushed'];

/** Resolves with the exit code: 1 only if `once` finds a difference. Rejects if a part of it ends by itself. */
export async function demo(options: DemoOptions): Promise<0 | 1> {
  const { ports, moved } = await freePorts(options.port, names);
  for (const line of moved) options.stdout.write(`${line}\n`);
  const closers: (() => Promise<void>)[] = [];
  let failure: unknown;
  try {
    return await run(options, ports, (close) => closers.push(close));
  } catch (error) {
    failure = error;
  } finally {
    for (const close of closers.reverse()) await close();
  }
  // A part says so in its own way, with a stack or an option that nobody has given.
  throw (await takenSince(ports)) ?? failure;
}

/** @param later is handed what closes each part that was opened */
async function run(options: DemoOptions, ports: readonly number[], later: (close: () => Promise<void>) => void): Promise<0 | 1> {
  const [page = 0, api = 0, metrics = 0, stock = 0, pushed = 0] = ports;
  const receiver = await startReceiver(pushed, options.version);
  later(receiver.close);
  const instance = randomUUID();
  const shop = await startShop({ ports: { api, metrics, stock }, endpoint: receiver.endpoint, instance });
  later(shop.end);
  const arrived = startProbe('', receiver.url, { keep: ofInstance(instance) });
  later(arrived.stop);
  const watched = watchShop(shop, arrived.samples);
  later(watched.stop);

  const board = (): Board => ({
    title: 'Meterbridge: a shop, its metrics pulled and pushed',
    addresses: addressesOf(shop, receiver.url),
    groups: [watched.group()],
    scrapes: watched.scrapes(),
    blockedMs: shop.blockedMs(),
  });
  const failed = new AbortController();
  void Promise.race([shop.failed, receiver.failed]).then((error) => failed.abort(error));
  const interrupted = AbortSignal.any([options.interrupted, failed.signal]);
  const agree = options.once ? await look({ ...options, interrupted }, board, watched) : true;
  if (!options.once) await showLive({ ...options, interrupted, port: page, shop, board });
  failed.signal.throwIfAborted();
  return agree ? 0 : 1;
}

/** Where the shop and its metrics are; what was pushed may be nowhere to be read. */
export function addressesOf({ api, metrics, page, stock }: Shop, pushed: string | undefined): Board['addresses'] {
  const others = stock === undefined ? [] : [{ name: 'OTel', url: stock }];
  return [
    { name: 'shop', url: `${api}/orders` },
    { name: 'pulled', url: metrics },
    ...(pushed === undefined ? [] : [{ name: 'pushed', url: pushed }]),
    ...others,
    { name: 'flows', url: page },
  ];
}

async function look({ stdout, interrupted }: DemoOptions, board: () => Board, watched: WatchedShop): Promise<boolean> {
  await sleep(onceMs, undefined, { signal: interrupted }).catch(() => {});
  const agree = await watched.settled(interrupted);
  const lines = boardLines(boardText(board())).map(({ text }) => text);
  stdout.write(`${lines.join('\n')}\n\nshop: recorded, pulled and pushed ${agree ? 'agree' : 'do NOT agree'}\n`);
  return agree;
}
