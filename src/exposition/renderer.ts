/** Writes a store's view as text. */
import { defaultStrategy, type Strategy } from '../naming/index.ts';
import type { Cursor, FamilyView, View } from '../store/index.ts';
import { createFamilyLines, type FamilyLines } from './family-lines.ts';
import type { TextFormat } from './format.ts';
import { createPace, type Pace } from './pace.ts';
import { createPage, type Page } from './page.ts';
import type { Rendering, TooLarge } from './rendering.ts';

export interface RendererOptions {
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
  /** How instrument names become series names. Default: `UnderscoreEscapingWithSuffixes`, as in a Collector. */
  readonly strategy?: Strategy;
}

export interface RenderOptions {
  /** Largest body in bytes. Default: no limit. */
  readonly maxBytes?: number;
  /** Checked at the start and after every yield: the promise is rejected with its reason. */
  readonly signal?: AbortSignal;
}

export interface Renderer {
  /**
   * Renders all families, in the order of their declaration, to OpenMetrics 1.0 or text 0.0.4. Yields to the event loop every millisecond;
   * what is recorded meanwhile may show in the rest, each series appears at most once. May run concurrently with itself; sharing one
   * rendering among equal requests is the caller's. More than `maxBytes` gives `tooLarge`, never a truncated body.
   */
  render(format: TextFormat, options?: RenderOptions): Promise<Rendering | TooLarge>;
}

/** Cells, and so about lines, between two looks at the clock: 0.02 ms, and 0.5 ms where their prefixes are written for the first time. */
const cellsASlice = 256;
const leastBytes = 4096;
/** A page starts with the size of the last one and this much more, so that a steady store needs no growth. */
const headroom = 1.05;

const tooLarge: TooLarge = Object.freeze({ tooLarge: true });

/** Creates a renderer for a view. It keeps the line prefixes of every row from one rendering to the next, about 60 to 100 bytes a line. */
export function createRenderer(view: View, options: RendererOptions = {}): Renderer {
  const clock = options.clock ?? Date.now;
  const strategy = options.strategy ?? defaultStrategy;
  const families = new Map<number, FamilyLines>();
  const lastBytes: Record<TextFormat, number> = { openmetrics: leastBytes, text: leastBytes };

  async function render(format: TextFormat, { maxBytes = Number.POSITIVE_INFINITY, signal }: RenderOptions = {}) {
    signal?.throwIfAborted();
    const seen = new Set<number>();
    const initialBytes = Math.ceil(lastBytes[format] * headroom);
    const page = createPage({ format, maxBytes, now: clock(), initialBytes, linesOf });
    const pace = createPace(signal);
    if (!(await walkAll(view, page, pace))) return tooLarge;
    const rendering = await paced(page.finish(), pace);
    forgetOthers(families, seen);
    lastBytes[format] = Math.max(leastBytes, rendering.body.length);
    return rendering.body.length > maxBytes ? tooLarge : rendering;

    function linesOf(family: FamilyView): FamilyLines {
      seen.add(family.id);
      const known = families.get(family.id);
      if (known !== undefined) return known;
      const lines = createFamilyLines(family, strategy);
      families.set(family.id, lines);
      return lines;
    }
  }

  return Object.freeze({ render });
}

/** False when the page ran full. */
async function walkAll(view: View, page: Page, pace: Pace): Promise<boolean> {
  let cursor: Cursor | undefined;
  do {
    cursor = view.walk(page.visitor, cursor, cellsASlice);
    await paced(page.settle(), pace);
    if (pace.due()) await pace.rest();
  } while (cursor !== undefined && !page.full);
  return !page.full;
}

/** Runs work to its end that pauses now and then. */
async function paced<T>(work: Generator<undefined, T>, pace: Pace): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (pace.due()) await pace.rest();
  }
}

/** Closed families leave. One that a concurrent rendering has just met may leave too: it is built anew. */
function forgetOthers(families: Map<number, FamilyLines>, seen: ReadonlySet<number>): void {
  if (families.size === seen.size) return;
  for (const id of families.keys()) if (!seen.has(id)) families.delete(id);
}
