/** When which part is asked for again. Counted in ticks, so that nothing is asked for while the tab is hidden. */
import type { Tick } from '../model/index.ts';
import type { PageData } from '../view/page-data.ts';
import { type Answers, ask } from './ask.ts';

/** In ticks, which come once a second. The label counts are not here: they are asked for by hand. */
const periods = { graph: 5, producers: 5, scrapers: 5, refusals: 5, series: 5, status: 30, config: 30 } as const;

type Refreshed = keyof typeof periods;

export interface Refresh {
  /** Asks for what is due. */
  onTick(tick: Tick): void;
  /** Asks for everything. */
  all(): Promise<void>;
  /** Asks for the family that is looked at. */
  family(): Promise<void>;
}

export function createRefresh(read: () => PageData, change: (part: Partial<PageData>) => void): Refresh {
  let ticks = 0;
  let seen: Pick<Tick, 'graph' | 'refusals'> | undefined;

  async function one(part: Refreshed): Promise<void> {
    const { status } = read();
    if (part !== 'status' && !status.parts.includes(part)) return;
    const answer: Answers[Refreshed] | 'gone' | undefined = await ask(part);
    if (answer !== undefined && answer !== 'gone') change({ [part]: answer });
  }

  async function family(): Promise<void> {
    const wanted = read().family;
    if (wanted === undefined) return;
    const { store, name } = wanted;
    const found = await ask('family', `?store=${encodeURIComponent(store)}&name=${encodeURIComponent(name)}`);
    const still = read().family;
    if (found !== undefined && still?.store === store && still.name === name) change({ family: { store, name, found } });
  }

  return {
    onTick(tick) {
      ticks += 1;
      const moved = seen !== undefined && seen.graph !== tick.graph;
      const refused = seen !== undefined && seen.refusals !== tick.refusals;
      seen = { graph: tick.graph, refusals: tick.refusals };
      const due = (Object.keys(periods) as Refreshed[]).filter(
        (part) =>
          ticks % periods[part] === 0 ||
          (moved && (part === 'graph' || part === 'config')) ||
          (refused && (part === 'refusals' || part === 'graph')),
      );
      for (const part of due) void one(part);
      if (ticks % 5 === 0) void family();
    },
    async all() {
      await Promise.all([...(Object.keys(periods) as Refreshed[]).map(one), family()]);
    },
    family,
  };
}
