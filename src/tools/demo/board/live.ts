/** Shows a board until Ctrl-C: in the terminal, and on a page with the button. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Shop } from '../start-shop.ts';
import type { Board } from './board.ts';
import { boardText } from './board-text.ts';
import { servePage } from './page-server.ts';
import { openView, type Screen } from './screen.ts';

export interface LiveOptions {
  readonly stdout: Screen;
  readonly env: NodeJS.ProcessEnv;
  /** The page's; 0: any. */
  readonly port: number;
  readonly shop: Pick<Shop, 'block' | 'blockedMs'>;
  readonly interrupted: AbortSignal;
  /** The page's own address is added to it. */
  board(): Board;
}

/** How long the button blocks the shop's event loop. */
const blockMs = 10_000;
const drawEveryMs = 500;

export async function showLive({ stdout, env, port, shop, interrupted, board }: LiveOptions): Promise<void> {
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
    await sleep(drawEveryMs, undefined, { signal: interrupted }).catch(() => {});
  }
  view.close();
  await page.close();
}
