/** Writes a store's view as text. */
import { defaultStrategy, type Strategy } from '../../naming/index.ts';
import type { Cursor, FamilyView, View } from '../../store/index.ts';
import type { Escaping } from '../escaping.ts';
import type { TextFormat } from '../format.ts';
import { type Added, type LeftOut, largestOf, type Owner, type RowOwners } from './left-out.ts';
import { createFamilyLines, type FamilyLines } from './lines/family-lines.ts';
import { escapedNames, legalNames } from './name-rules.ts';
import { type Abortable, createPace, type Pace } from './pace.ts';
import { Page, roomOf, type Written } from './page.ts';
import { type Measured, PageSizes } from './page-sizes.ts';
import { createRenderMemory, type RenderMemory } from './render-memory.ts';
import type { Rendering, TooLarge } from './rendering.ts';

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
  readonly onConflict?: (family: string) => void;
  /** How many bytes of lines are kept, which are written faster than those that are made from labels anew. Default: 16 MiB. Without effect beside `memory`. */
  readonly keptBytes?: number;
  /** What it shares with other renderers. Default: its own. */
  readonly memory?: RenderMemory;
  /** Whose rows are: of a page that is too large, all rows of the largest owners are left out. Default: the largest families are. */
  readonly owners?: RowOwners;
  /** When a rendering lets the event loop turn. Default: after every millisecond. */
  readonly pace?: (signal: Abortable | undefined) => Pace;
}

export interface RenderOptions {
  /** Largest body in bytes. Default: no limit. */
  readonly maxBytes?: number;
  /** A larger one: leave the largest families or owners out, or give `tooLarge`. Default `omit`. */
  readonly onTooLarge?: 'omit' | 'fail';
  /** Checked at the start and after every yield: the promise is rejected with its reason. An `AbortSignal`, or what is made into one later. */
  readonly signal?: Abortable;
}

export interface Renderer {
  /**
   * Renders all families, in the order of their declaration, to OpenMetrics 1.0 or text 0.0.4. Yields to the event loop as `pace` says;
   * what is recorded meanwhile may show in the rest, each series appears at most once. A page that takes less than that, some thousand lines,
   * is returned and not promised. May run concurrently with itself; sharing one rendering among equal requests is the caller's. Beyond
   * `maxBytes` whole families or owners are missing, or everything is; none is truncated. A page that runs full, or has many more series than before, is measured,
   * and written again without the largest; the next ones leave those out from the start, until there is room for them.
   */
  render(format: TextFormat, options?: RenderOptions): Promise<Rendering | TooLarge> | Rendering | TooLarge;
}

/** Cells, and so about lines, between two looks at the clock: 0.02 ms, and 0.5 ms where their prefixes are written for the first time. */
const cellsASlice = 256;
/** Of its limit, what is written of a page before it is measured; that is only done where there are so many times more series than when it was measured last. */
const [earlyShare, moreTimes] = [1 / 8, 9 / 8];
/** Room that stays free for what came while a page was measured, as a multiple of it: more comes until it is written. */
const missedTimes = 2;
/** How often a page is written again that has grown while it was measured. Each time an eighth more of it stays free. */
const mostRounds = 4;
const nothing: LeftOut = new Map();

const tooLarge: TooLarge = Object.freeze({ tooLarge: true });

/**
 * Creates a renderer for a view. From one rendering to the next it keeps a body's memory, beyond 4.5 MiB for two minutes, and the line prefixes of rows that
 * are not made from their attributes alone (`row-templates.ts`) and of histograms, about 60 to 100 bytes a line, up to `keptBytes`.
 */
export function createRenderer(view: View, options: RendererOptions = {}): Renderer {
  const clock = options.clock ?? (() => performance.now());
  const {
    strategy = defaultStrategy,
    namespace = '',
    escaping,
    onConflict,
    owners,
    memory = createRenderMemory(options.keptBytes),
  } = options;
  const { spare } = memory;
  const names = escaping === undefined ? legalNames : escapedNames(escaping);
  const forAll = { strategy, namespace, names, onConflict, room: memory.room };
  const paceOf = options.pace ?? createPace;
  const families = new Map<number, FamilyLines>();
  const lastBytes: Record<TextFormat, number> = { openmetrics: 0, text: 0 };
  const lastLeftOut: Record<TextFormat, LeftOut> = { openmetrics: nothing, text: nothing };
  /** Series there may be until a page is measured early. */
  const expected: Record<TextFormat, number> = { openmetrics: 0, text: 0 };
  /** While one lives, a full collection leaves V8 its class, and the code that was compiled for it. */
  const last: { page?: Page } = {};

  function render(format: TextFormat, given: RenderOptions = {}) {
    const { maxBytes = Number.POSITIVE_INFINITY, onTooLarge = 'omit', signal } = given;
    signal?.throwIfAborted();
    const seen = new Set<number>();
    let bytes = spare.take(Math.min(lastBytes[format], maxBytes));
    const now = clock();
    let page = pageWithout(lastLeftOut[format]);
    let ended = memory.begin(page);
    const work = writeAll();
    const pace = paceOf(signal);
    try {
      const step = untilDue(work, pace);
      return step.done === true ? rendered(step.value) : rest(work, pace).then(rendered, failed);
    } catch (error) {
      return failed(error);
    }

    function pageWithout(leftOut: LeftOut): Page {
      return new Page({ format, maxBytes, now, bytes, linesOf, owners, leftOut });
    }

    /** Undefined when the page ran full. Pauses where the event loop may turn. */
    function* writeAll(): Generator<undefined, Written | undefined> {
      const room = roomOf(format, maxBytes);
      for (let round = 0; ; round++) {
        let sizes: PageSizes | undefined;
        const written = yield* writePage(view, page, round === 0 ? room * earlyShare : room, isTooLarge);
        if (written !== undefined) return written;
        page.drop();
        if (onTooLarge === 'fail' || round === mostRounds) return undefined;
        const all = sizes ?? (yield* measureAll());
        const leftOut = yield* named(largestOf(all.byOwner, all.total, room * (1 - round / 8) - missedTimes * all.missed), owners);
        const size = expect(all, leftOut) + missedTimes * all.missed;
        // Also for the next one, where this one comes too late.
        lastLeftOut[format] = leftOut;
        ended();
        // In one piece, so that it need not be put together.
        spare.give(bytes);
        bytes = spare.take(Math.min(size, maxBytes));
        page = pageWithout(leftOut);
        ended = memory.begin(page);

        /** Asked early, so that not all is written in vain where much has come since the last page. */
        function* isTooLarge(): Generator<undefined, boolean> {
          if (names.merges || seriesIn(view) <= expected[format]) return false;
          const all = yield* measureAll();
          if (expect(all, lastLeftOut[format]) <= room) return false;
          sizes = all;
          return true;
        }
      }

      function measureAll(): Generator<undefined, PageSizes> {
        return measure(view, new PageSizes({ format, now, owners, linesOf }));
      }

      /** Returns how large the page is without some. */
      function expect(all: PageSizes, leftOut: LeftOut): number {
        const shown = shownOf(all, leftOut);
        expected[format] = seriesIn(view) * Math.min(moreTimes, 1 + (room - shown) / all.total);
        return shown;
      }
    }

    function rendered(written: Written | undefined): Rendering | TooLarge {
      ended();
      if (written === undefined) {
        spare.give(bytes);
        return tooLarge;
      }
      forgetOthers(families, seen);
      last.page = page;
      const { body } = written;
      lastBytes[format] = body.length;
      lastLeftOut[format] = page.stillLeftOut(body.length);
      const taken = memory.hand(body);
      function release(): void {
        taken();
        spare.give(new Uint8Array(body.buffer));
      }
      return Object.freeze({ ...written, release });
    }

    function failed(error: unknown): never {
      ended();
      page.drop();
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

/** @param early bytes beyond which `isTooLarge` is asked, once */
function* writePage(
  view: View,
  page: Page,
  early: number,
  isTooLarge: () => Generator<undefined, boolean>,
): Generator<undefined, Written | undefined> {
  let cursor: Cursor | undefined;
  let asked = false;
  do {
    page.next();
    cursor = view.walk(page, cursor, cellsASlice);
    if (page.isUnsettled()) yield* page.settle();
    yield;
    if (asked || page.total() <= early) continue;
    asked = true;
    if (yield* isTooLarge()) return undefined;
  } while (cursor !== undefined && !page.isFull());
  return yield* page.finish();
}

function seriesIn(view: View): number {
  let series = 0;
  view.walk({
    family(family) {
      series += family.size;
      return false;
    },
    row() {},
  });
  return series;
}

/** Bytes of what a page shows that leaves some out. */
function shownOf({ byOwner, total }: PageSizes, leftOut: LeftOut): number {
  let shown = total;
  for (const owner of leftOut.keys()) shown -= byOwner.get(owner)?.bytes ?? 0;
  return shown;
}

function* measure(view: View, sizes: PageSizes): Generator<undefined, PageSizes> {
  const before = seriesIn(view);
  let cursor: Cursor | undefined;
  do {
    sizes.next();
    cursor = view.walk(sizes, cursor, cellsASlice);
    yield;
  } while (cursor !== undefined);
  sizes.grew(before, seriesIn(view));
  return sizes;
}

/** A row that has gone since it was measured may give another one's name. */
function* named(measured: ReadonlyMap<Owner, Measured>, owners: RowOwners | undefined): Generator<undefined, LeftOut> {
  const leftOut = new Map<Owner, Added>();
  for (const [owner, { bytes, rows, family, row }] of measured) {
    leftOut.set(owner, { bytes, rows, name: owners?.nameOf(family, row) ?? String(owner) });
    yield;
  }
  return leftOut;
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
    lines.end();
    families.delete(id);
  }
}
