/**
 * Large expositions are written one after the other, so that scrapers which ask for several at once, of other formats or names,
 * make the service hold one of them beside those that are being sent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Renderer, Rendering, RenderMemory, TooLarge } from '../../../formats/exposition/index.ts';
import { defaultBounds } from '../../../net/listen/listener-bounds.ts';
import type { MemoryBudget } from '../../memory/budget.ts';

export interface LargePagesOptions {
  /** What the renderers share. */
  readonly renderings: RenderMemory;
  readonly maxPageBytes: number;
  /** Bytes of all series. */
  readonly held: () => number;
  readonly memory: Pick<MemoryBudget, 'limit' | 'room'>;
}

/** Smaller ones are written at once. */
const largeBytes = 4 * 1_048_576;
/** Series of so many bytes make no large exposition: buckets have twelve times as many in a line as in memory. */
const fewBytes = largeBytes / 16;
/** Beyond so many times what was held when a page was written, it is not known how large the next one will be. */
const knownTimes = 2;
/** How often a page looks whether it may begin. */
const lookMs = 10;
/** How long a page waits for memory that requests have; such as are large are refused meanwhile. */
const patienceMs = 1_000;

/** Returns what each renderer goes through. */
export function createLargePages({
  renderings,
  maxPageBytes,
  held,
  memory,
}: LargePagesOptions): (renderer: Renderer) => Renderer {
  /** Beyond it, the listener cuts off the replies that are read slowly, as long as somebody waits. */
  const mostHanded = 2 * Math.max(maxPageBytes, defaultBounds.unreadBytes);
  let turn: Promise<unknown> = Promise.resolve();
  /** The last one of all families, in whichever format, and how much was held then. */
  let last = { bytes: 0, held: 0 };

  function expected(): number {
    const now = held();
    if (now > fewBytes + knownTimes * last.held) return maxPageBytes;
    return Math.min(maxPageBytes, last.bytes * Math.max(1, now / Math.max(1, last.held)));
  }
  function note(rendered: Rendering | TooLarge): Rendering | TooLarge {
    last = { bytes: rendered.tooLarge === true ? maxPageBytes : rendered.body.length, held: held() };
    return rendered;
  }
  function mustWait(bytes: number, end: number): boolean {
    if (renderings.handed >= mostHanded) return true;
    // Where series alone leave no room for it, waiting does not help.
    return memory.room <= 0 && held() + bytes <= memory.limit && performance.now() < end;
  }
  async function inTurn<Result>(work: () => Promise<Result> | Result, check: () => void): Promise<Result> {
    const [before, next] = [turn, Promise.withResolvers<void>()];
    turn = next.promise;
    await before;
    const bytes = expected();
    const leave = renderings.reserve(bytes);
    try {
      for (const end = performance.now() + patienceMs; mustWait(bytes, end); await sleep(lookMs)) check();
      check();
      return await work();
    } finally {
      leave();
      next.resolve();
    }
  }

  return (renderer) => ({
    ...renderer,
    render(format, options = {}) {
      const { only, signal } = options;
      const noted = only === undefined ? note : (rendered: Rendering | TooLarge) => rendered;
      const work = () => renderer.render(format, options);
      if (expected() >= largeBytes) return inTurn(work, () => signal?.throwIfAborted()).then(noted);
      const started = work();
      return 'then' in started ? started.then(noted) : noted(started);
    },
  });
}
