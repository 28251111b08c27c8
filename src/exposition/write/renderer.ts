/** Writes a store's view as text. */
import { defaultStrategy, type Strategy } from '../../naming/index.ts';
import type { Cursor, FamilyView, View } from '../../store/index.ts';
import type { Escaping } from '../escaping.ts';
import type { TextFormat } from '../format.ts';
import { createFamilyLines, type FamilyLines } from './family-lines.ts';
import { escapedNames, legalNames } from './name-rules.ts';
import { type Abortable, createPace, type Pace } from './pace.ts';
import { Page, type Written } from './page.ts';
import type { Rendering, TooLarge } from './rendering.ts';
import { createSpareBytes } from './spare-bytes.ts';

export interface RendererOptions {
  /** Milliseconds, by which ages are counted: the store's clock. Default: `performance.now`. */
  readonly clock?: () => number;
  /** How instrument names become series names. Default: `UnderscoreEscapingWithSuffixes`, as in a Collector. */
  readonly strategy?: Strategy;
  /** Stands ahead of all series names, as a Collector's `namespace`: `acme` makes `acme_x` of `x`. What a name may not hold becomes `_`. Default `''`: none. */
  readonly namespace?: string;
  /**
   * How names are written that the formats cannot hold bare. Families whose names come out the same are shown as one where they have one TYPE, equal series
   * of them once. Labels must not have names that the format writes itself. Default: all names are made legal as the label rules of `strategy` want it.
   */
  readonly escaping?: Escaping;
  /** Is given the name of families that came out the same, each time that a series of them is left out because another one has its labels. */
  readonly onMet?: (family: string) => void;
  /** How many bytes of bucket lines are kept, which are written faster than those that are made from labels anew. Default: 16 MiB. */
  readonly keptBytes?: number;
  /** When a rendering lets the event loop turn. Default: after every millisecond. */
  readonly pace?: (signal: Abortable | undefined) => Pace;
}

export interface RenderOptions {
  /** Largest body in bytes. Default: no limit. */
  readonly maxBytes?: number;
  /** A larger one: leave the largest families out, or give `tooLarge`. Default `omit`. */
  readonly onTooLarge?: 'omit' | 'fail';
  /** Checked at the start and after every yield: the promise is rejected with its reason. An `AbortSignal`, or what is made into one later. */
  readonly signal?: Abortable;
}

export interface Renderer {
  /**
   * Renders all families, in the order of their declaration, to OpenMetrics 1.0 or text 0.0.4. Yields to the event loop every millisecond;
   * what is recorded meanwhile may show in the rest, each series appears at most once. A page that takes less than that, some thousand lines,
   * is returned and not promised. May run concurrently with itself; sharing one rendering among equal requests is the caller's. Beyond
   * `maxBytes` whole families are missing, or everything is; none is truncated.
   */
  render(format: TextFormat, options?: RenderOptions): Promise<Rendering | TooLarge> | Rendering | TooLarge;
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
 * Creates a renderer for a view. From one rendering to the next it keeps a body's memory, beyond 4.5 MiB for two minutes, and the line prefixes of rows that
 * are not made from their attributes alone (`row-templates.ts`), about 60 to 100 bytes a line, and of histograms up to `keptBytes`.
 */
export function createRenderer(view: View, options: RendererOptions = {}): Renderer {
  const clock = options.clock ?? (() => performance.now());
  const { strategy = defaultStrategy, namespace = '', escaping, onMet, keptBytes = defaultKeptBytes } = options;
  const names = escaping === undefined ? legalNames : escapedNames(escaping);
  const forAll = { strategy, namespace, names, onMet, room: { left: keptBytes } };
  const paceOf = options.pace ?? createPace;
  const families = new Map<number, FamilyLines>();
  const lastBytes: Record<TextFormat, number> = { openmetrics: 0, text: 0 };
  const spare = createSpareBytes();
  /** While one lives, a full collection leaves V8 its class, and the code that was compiled for it. */
  const last: { page?: Page } = {};

  function render(format: TextFormat, given: RenderOptions = {}) {
    const { maxBytes = Number.POSITIVE_INFINITY, onTooLarge = 'omit', signal } = given;
    signal?.throwIfAborted();
    const seen = new Set<number>();
    const bytes = spare.take(lastBytes[format]);
    const page = new Page({ format, maxBytes, onTooLarge, now: clock(), bytes, linesOf });
    const work = writeAll(view, page);
    const pace = paceOf(signal);
    try {
      const step = untilDue(work, pace);
      return step.done === true ? rendered(step.value) : rest(work, pace).then(rendered, failed);
    } catch (error) {
      return failed(error);
    }

    function rendered(written: Written | undefined): Rendering | TooLarge {
      if (written === undefined) {
        spare.give(bytes);
        return tooLarge;
      }
      forgetOthers(families, seen);
      last.page = page;
      const { body } = written;
      lastBytes[format] = body.length;
      return Object.freeze({ ...written, release: () => spare.give(new Uint8Array(body.buffer)) });
    }

    function failed(error: unknown): never {
      spare.give(bytes);
      throw error;
    }

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

/** Undefined when the page ran full. Pauses where the event loop may turn. */
function* writeAll(view: View, page: Page): Generator<undefined, Written | undefined> {
  let cursor: Cursor | undefined;
  let cells = firstCells;
  do {
    const before = page.total();
    cursor = view.walk(page, cursor, cells);
    cells = Math.min(cellsASlice, cells * 2, Math.ceil((cells * bytesASlice) / Math.max(1, page.total() - before)));
    if (page.isUnsettled()) yield* page.settle();
    yield;
  } while (cursor !== undefined && !page.isFull());
  if (page.isFull()) return undefined;
  const written = yield* page.finish();
  return page.isFull() ? undefined : written;
}

type Work = Generator<undefined, Written | undefined>;

/** Runs work to its end, or until it is time to let the event loop turn. */
function untilDue(work: Work, pace: Pace): IteratorResult<undefined, Written | undefined> {
  for (;;) {
    const step = work.next();
    if (step.done === true || pace.due()) return step;
  }
}

async function rest(work: Work, pace: Pace): Promise<Written | undefined> {
  for (;;) {
    await pace.rest();
    const step = untilDue(work, pace);
    if (step.done === true) return step.value;
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
