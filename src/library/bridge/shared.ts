/**
 * The part of a bridge that knows the program's other processes. The code that queries them is loaded only where it is needed.
 */
import type { Renderer } from '../../formats/exposition/write/renderer.ts';
import type { SharedScrape } from '../processes/index.ts';
import { enter, type Member, type MemberOptions } from '../processes/member.ts';
import { type BridgeOptions, sharedOf } from './options.ts';
import type { Recorders } from './parts.ts';
import { programOf } from './several-processes.ts';

const noDirectory =
  "others have taken all names of the program's directory, or none can be made: each scrape shows this process alone, and push for all is off";

/** Joins the other processes. Undefined: the bridge shows its own alone. */
export function joinShared(
  { store, stopwatch: clock, collecting: { refresh }, events, log }: Recorders,
  contract: string,
  { processes, scrape }: Pick<BridgeOptions, 'processes' | 'scrape'>,
): SharedScrape | undefined {
  if (processes === undefined) return undefined;
  const program = programOf();
  // At once: the process may exit before anything has been loaded, and what it has counted is to stay.
  const keepsTotals = typeof processes === 'object';
  const entering = enterAtOnce({
    processes: sharedOf(processes),
    keepsTotals,
    contract,
    program,
    view: store.view,
    clock,
    refresh,
    log,
  });
  if (entering === undefined) {
    log(`processes: ${noDirectory}. Fix: give processes a directory of this user`);
    return undefined;
  }
  const loaded = Promise.all([entering, import('../processes/index.ts')]).then(([member, { shareScrape }]) =>
    shareScrape(member, { clock, refresh, log, ...events.ofProcesses }, scrape?.created ?? false),
  );
  loaded.catch((error: unknown) => log(`processes: ${error instanceof Error ? error.message : String(error)}`));
  let renderer: Renderer | undefined;
  return {
    renderer: {
      render: (format, given) => (renderer as Renderer).render(format, given),
      takeRemarks: () => renderer?.takeRemarks() ?? [],
    },
    async refresh() {
      const shared = await loaded;
      renderer = shared.renderer;
      await shared.refresh();
    },
    collectForPush: async () => (await loaded).collectForPush(),
    close: () =>
      loaded.then(
        (shared) => shared.close(),
        () => {},
      ),
  };
}

/** Undefined: there is no shared directory. */
function enterAtOnce(options: MemberOptions): Promise<Member> | undefined {
  try {
    const member = enter(options);
    return member === undefined ? undefined : Promise.resolve(member);
  } catch (error) {
    return Promise.reject(error);
  }
}
