/** Writes a store's view as text. */
import { defaultStrategy, type Strategy } from '../../naming/index.ts';
import type { Cursor, FamilyView, View } from '../../store/index.ts';
import type { TextFormat } from '../format.ts';
import { createFamilyLines, type FamilyLines } from './family-lines.ts';
import { createPace, type Pace } from './pace.ts';
import { createPage, type Page, type Written } from './page.ts';
import type { Rendering, TooLarge } from './rendering.ts';
import { createSpareBytes } from './spare-bytes.ts';

export interface RendererOptions {
  /** Milliseconds, by which ages are counted: the store's clock. Default: `performance.now`. */
  readonly clock?: () => number;
  /** How instrument names become series names. Default: `UnderscoreEscapingWithSuffixes`, as in a Collector. */
  readonly strategy?: Strategy;
  /** Stands ahead of all series names, as a Collector's `namespace`: `acme` makes `acme_x` of `x`. What a name may not hold becomes `_`. Default `''`: none. */
  readonly namespace?: string;
  /** How many bytes of bucket lines are kept, which are written faster than those that are made from labels anew. Default: 16 MiB. */
  readonly keptBytes?: number;
  /** When a rendering lets the event loop turn. Default: after every millisecond. */
  readonly pace?: (signal: AbortSignal | undefined) => Pace;
}

export interface RenderOptions {
  /** Largest body in bytes. Default: no limit. */
  readonly maxBytes?: number;
  /** A larger one: leave the largest families out, or give `tooLarge`. Default `omit`. */
  readonly onTooLarge?: 'omit' | 'fail';
  /** Checked at the start and after every yield: the promise is rejected with its reason. */
  readonly signal?: AbortSignal;
}

export interface Renderer {
  /**
   * Renders all families, in the order of their declaration, to OpenMetrics 1.0 or text 0.0.4. Yields to the event loop every millisecond;
   * what is recorded meanwhile may show in the rest, each series appears at most once. May run concurrently with itself; sharing one
   * rendering among equal requests is the caller's. Beyond `maxBytes` whole families are missing, or everything is; none is truncated.
   */
  render(format: TextFormat, options?: RenderOptions): Promise<Rendering | TooLarge>;
}

/** Cells, and so about lines, between two looks at the clock: 0.02 ms, and 0.5 ms where their prefixes are written for the first time. */
const cellsASlice = 256;
/** Bytes between two looks at the clock: 0.3 ms. Rows with long labels, or a hundred buckets, make fewer cells of it. */
const bytesASlice = 128 * 1024;
/** What a walk begins with, as long as it does not know how long the lines are. */
const firstCells = 16;

const defaultKeptBytes = 16 * 1024 * 1024;

const tooLarge: TooLarge = Object.freeze({ tooLarge: true });

/**
 * Creates a renderer for a view. From one rendering to the next it keeps a body's memory, up to some MiB, and the line prefixes of rows that
 * are not made from their attributes alone (`row-templates.ts`), about 60 to 100 bytes a line, and of histograms up to `keptBytes`.
 */
export function createRenderer(view: View, options: RendererOptions = {}): Renderer {
  const clock = options.clock ?? (() => performance.now());
  const { strategy = defaultStrategy, namespace = '', keptBytes = defaultKeptBytes } = options;
  const forAll = { strategy, namespace, room: { left: keptBytes } };
  const paceOf = options.pace ?? createPace;
  const families = new Map<number, FamilyLines>();
  const lastBytes: Record<TextFormat, number> = { openmetrics: 0, text: 0 };
  const spare = createSpareBytes();

  async function render(format: TextFormat, given: RenderOptions = {}) {
    const { maxBytes = Number.POSITIVE_INFINITY, onTooLarge = 'omit', signal } = given;
    signal?.throwIfAborted();
    const seen = new Set<number>();
    const bytes = spare.take(lastBytes[format]);
    const page = createPage({ format, maxBytes, onTooLarge, now: clock(), bytes, linesOf });
    const written = await writeAll(view, page, paceOf(signal)).catch((error: unknown) => {
      spare.give(bytes);
      throw error;
    });
    if (written === undefined) {
      spare.give(bytes);
      return tooLarge;
    }
    forgetOthers(families, seen);
    const { body } = written;
    lastBytes[format] = body.length;
    return Object.freeze({ ...written, release: () => spare.give(new Uint8Array(body.buffer)) });

    function linesOf(family: FamilyView): FamilyLines {
      seen.add(family.id);
      const known = families.get(family.id);
      if (known !== undefined) return known;
      const lines = createFamilyLines(family, forAll);
      families.set(family.id, lines);
      return lines;
    }
  }

  return Object.freeze({ render });
}

/** Undefined when the page ran full. */
async function writeAll(view: View, page: Page, pace: Pace): Promise<Written | undefined> {
  let cursor: Cursor | undefined;
  let cells = firstCells;
  do {
    const before = page.total;
    cursor = view.walk(page.visitor, cursor, cells);
    cells = Math.min(cellsASlice, cells * 2, Math.ceil((cells * bytesASlice) / Math.max(1, page.total - before)));
    await paced(page.settle(), pace);
    if (pace.due()) await pace.rest();
  } while (cursor !== undefined && !page.full);
  if (page.full) return undefined;
  const written = await paced(page.finish(), pace);
  return page.full ? undefined : written;
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
  for (const [id, lines] of families) {
    if (seen.has(id)) continue;
    for (const cache of Object.values(lines.caches)) cache.end();
    families.delete(id);
  }
}
