/** Readers of all processes' series: a renderer for scrapes, and a view for push. */
import type { View } from '../../core/store/store.ts';
import { createRenderer, type Renderer } from '../../formats/exposition/index.ts';
import { type JoinOptions, joinProcesses } from './join.ts';
import type { Member } from './member.ts';

export interface SharedScrape {
  readonly renderer: Renderer;
  readonly refresh: () => Promise<void>;
  /** Collects for push. Undefined: another process, the oldest, pushes. */
  readonly collectForPush: () => Promise<View | undefined>;
  readonly close: () => Promise<void>;
}

/**
 * `created`: the renderer's. Joins in the background. Where that fails, the log says why, and scrapes fail: a part is not exposed
 * as the whole.
 */
export function shareScrape(member: Member, options: JoinOptions, created: boolean): SharedScrape {
  const processes = joinProcesses(member, options);
  processes.joined.catch((error: unknown) => options.log(`processes: ${error instanceof Error ? error.message : String(error)}`));
  const readForScrapes = processes.reader();
  const readForPush = processes.reader();
  let view: View | undefined;
  let renderer: Renderer | undefined;
  let collecting: Promise<void> | undefined;

  async function collect(): Promise<void> {
    const collected = await readForScrapes();
    if (collected !== view) renderer = createRenderer(collected, { created });
    view = collected;
  }

  return Object.freeze<SharedScrape>({
    renderer: Object.freeze<Renderer>({
      render(format, given) {
        if (renderer === undefined) throw new Error('BUG: rendered ahead of the first collection');
        return renderer.render(format, given);
      },
      takeRemarks: () => renderer?.takeRemarks() ?? [],
    }),
    refresh() {
      collecting ??= collect().finally(() => {
        collecting = undefined;
      });
      return collecting;
    },
    async collectForPush() {
      const collected = await readForPush();
      return processes.isOldest() ? collected : undefined;
    },
    close: processes.close,
  });
}
