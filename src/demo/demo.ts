/** `meterbridge demo`: the shop at work, its metrics pulled and pushed, on one screen and on a page. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board } from './board.ts';
import { boardLines } from './board-lines.ts';
import { boardText } from './board-text.ts';
import { servePage } from './page-server.ts';
import { freePorts } from './ports.ts';
import { startProbe } from './probe.ts';
import { startReceiver } from './receiver.ts';
import { ofInstance } from './samples.ts';
import { openView, type Screen } from './screen.ts';
import { type Shop, startShop } from './start-shop.ts';
import { type WatchedShop, watchShop } from './watched-shop.ts';

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

/** How long the button blocks the shop's event loop. */
const blockMs = 10_000;
const onceMs = 5_000;
const drawEveryMs = 500;
const names = ['the page', 'the shop', 'its metrics', 'OpenTelemetry’s exporter', 'what was pushed'];

/** Resolves with the exit code: 1 only if `once` finds a difference. */
export async function demo(options: DemoOptions): Promise<0 | 1> {
  await using ending = new AsyncDisposableStack();
  const { ports, moved } = await freePorts(options.port, names);
  const [page = 0, api = 0, metrics = 0, stock = 0, pushed = 0] = ports;
  for (const line of moved) options.stdout.write(`${line}\n`);

  const receiver = await startReceiver(pushed, options.version);
  ending.defer(receiver.close);
  const instance = randomUUID();
  const shop = await startShop({ ports: { api, metrics, stock }, endpoint: receiver.endpoint, protocol: 'http/protobuf', instance });
  ending.defer(shop.end);
  const arrived = startProbe('', receiver.url, ofInstance(instance));
  ending.defer(arrived.stop);
  const watched = watchShop(shop, arrived.samples);
  ending.defer(watched.stop);

  const board = (): Board => ({
    title: 'Meterbridge: a shop, its metrics pulled and pushed',
    addresses: addressesOf(shop, receiver.url),
    groups: [watched.group()],
    scrapes: watched.scrapes(),
    blockedMs: shop.blockedMs(),
  });
  const failed = Promise.race([shop.failed, receiver.failed]).then((error) => {
    throw error;
  });
  // Awaited here: what is open is closed afterwards.
  return await Promise.race([failed, options.once ? look(options, board, watched) : live(options, board, page, shop)]);
}

function addressesOf({ api, metrics, stock }: Shop, pushed: string): Board['addresses'] {
  const others = stock === undefined ? [] : [{ name: 'OTel', url: stock }];
  return [{ name: 'shop', url: `${api}/orders` }, { name: 'pulled', url: metrics }, { name: 'pushed', url: pushed }, ...others];
}

async function live({ stdout, env, interrupted }: DemoOptions, board: () => Board, port: number, shop: Shop): Promise<0> {
  const block = () => {
    const free = shop.blockedMs() === 0;
    if (free) shop.block(blockMs);
    return free;
  };
  const withPage = () => {
    const { addresses, ...rest } = board();
    return boardText({ ...rest, addresses: [{ name: 'page', url: page.url }, ...addresses] });
  };
  const page = await servePage({ port, board: withPage, block });
  const view = openView(stdout, withPage, env);
  while (!interrupted.aborted) {
    view.update();
    await pause(drawEveryMs, interrupted);
  }
  view.close();
  await page.close();
  return 0;
}

async function look({ stdout, interrupted }: DemoOptions, board: () => Board, watched: WatchedShop): Promise<0 | 1> {
  await pause(onceMs, interrupted);
  const agree = await watched.settled();
  const lines = boardLines(boardText(board())).map(({ text }) => text);
  stdout.write(`${lines.join('\n')}\n\nshop: recorded, pulled and pushed ${agree ? 'agree' : 'do NOT agree'}\n`);
  return agree ? 0 : 1;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
