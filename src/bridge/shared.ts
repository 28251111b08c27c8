/** The part of a bridge that knows the program's other processes. It is loaded only where it is asked for. */
import type { Renderer } from '../exposition/write/renderer.ts';
import type { SharedScrape } from '../processes/index.ts';
import type { Recorders } from './parts.ts';
import { programOf } from './several-processes.ts';

/** Joins the other processes. Undefined: the bridge shows its own alone. */
export function joinShared(
  { store, stopwatch, collecting, events, log }: Recorders,
  contract: string,
  processes: string | undefined,
): SharedScrape | undefined {
  if (processes === undefined) return undefined;
  const program = programOf();
  const loaded = import('../processes/index.ts').then(({ shareScrape }) =>
    shareScrape({
      processes,
      contract,
      program,
      view: store.view,
      clock: stopwatch,
      refresh: collecting.refresh,
      log,
      ...events.ofProcesses,
    }),
  );
  let renderer: Renderer | undefined;
  return {
    renderer: { render: (format, given) => (renderer as Renderer).render(format, given) },
    async refresh() {
      const shared = await loaded;
      renderer = shared.renderer;
      await shared.refresh();
    },
    collectForPush: async () => (await loaded).collectForPush(),
    close: async () => (await loaded).close(),
  };
}
