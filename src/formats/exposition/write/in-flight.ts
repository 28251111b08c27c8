/**
 * A rendering that is under way: writes a page and, where it is too large, measures it and writes it again without the largest
 * owners.
 */
import type { Cursor, FamilyView, View } from '../../../core/store/index.ts';
import type { ExpositionFormat } from '../format.ts';
import { roomOf } from './framing.ts';
import { type Added, type LeftOut, largestOf, type Owner, type RowOwners } from './left-out.ts';
import type { FamilyLines } from './lines/family-lines.ts';
import type { FamilyLinesTable } from './lines/family-lines-table.ts';
import { chooseNames, type GiveWay } from './names-in-openmetrics.ts';
import { cellsASlice } from './pace.ts';
import { Page, type Written } from './page.ts';
import { type Measured, measure, PageSizes, seriesIn, shownOf } from './page-sizes.ts';
import { findPowers } from './powers.ts';
import type { Remarks } from './remarks.ts';
import type { RenderMemory } from './render-memory.ts';
import type { Rendering, TooLarge } from './rendering.ts';

/** What the next page of a format begins with. */
interface LastPage {
  bytes: number;
  leftOut: LeftOut;
  /** Series there may be until a page is measured early. */
  expected: number;
}

/** What all renderings of a renderer share. */
export interface Shared {
  readonly view: View;
  readonly memory: RenderMemory;
  readonly owners: RowOwners | undefined;
  readonly lines: FamilyLinesTable;
  readonly remarks: Remarks;
  /** As `NameRules` says. */
  readonly merges: boolean;
  readonly last: Readonly<Record<ExpositionFormat, LastPage>>;
  /** While one exists, a full collection leaves V8 its class, and the code that was compiled for it. */
  page?: Page;
}

/**
 * Of its limit, what is written of a page before it is measured; that is only done where there are so many times more series than
 * when it was measured last.
 */
const [earlyShare, moreTimes] = [1 / 8, 9 / 8];
/**
 * What would have this share of the limit, by its first series, is not measured: if it is too large all the same, it was written
 * in vain once.
 */
const safeShare = 1 / 2;
/** So much is written before it is known how large a page will be: some 2 ms to copy. */
const gatheredFrom = 4 * 1024 * 1024;
/**
 * Capacity that stays free for what came while an exposition was measured, as a multiple of it: more comes until it is written.
 */
const missedTimes = 2;
/** At most so much of the room: most of what comes in a flood is of owners that are left out, and the others are to stay. */
const mostFree = 1 / 4;
/** How often a page is written again that has grown while it was measured. Each time an eighth more of it stays free. */
const mostRounds = 4;
/** How often a page is begun again for names and rows that meet. */
const mostAgain = 2;
const nothing: LeftOut = new Map();

const tooLarge: TooLarge = Object.freeze({ tooLarge: true });

export function firstPage(): LastPage {
  return { bytes: 0, leftOut: nothing, expected: 0 };
}

/** What one rendering is to be. */
interface Asked {
  readonly format: ExpositionFormat;
  readonly maxBytes: number;
  readonly onTooLarge: 'omit' | 'fail';
  /** Names of families; undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
  readonly now: number;
}

/** A class, as `Page` is one. `write` is to be called once, and then either `end` or `fail`. */
export class InFlight {
  private readonly shared: Shared;
  private readonly last: LastPage;
  private readonly asked: Asked;
  /** How much of the page rows and metadata may have. */
  private readonly room: number;
  /** Families, by their numbers. */
  private readonly seen = new Set<number>();
  private readonly linesOf: (family: FamilyView) => FamilyLines;
  private bytes: Uint8Array<ArrayBuffer>;
  private page: Page;
  private ended: () => void;
  /** Of a page that was measured early, and is too large. */
  private sizes: PageSizes | undefined = undefined;
  private isGathered = false;
  private mayBeginAgain = true;
  /** Of `Remarks`, as the page began. */
  private late = 0;
  /** Undefined: nobody has chosen. */
  private giveWay: GiveWay | undefined = undefined;

  constructor(shared: Shared, asked: Asked) {
    const { format, maxBytes, only } = asked;
    this.shared = shared;
    this.asked = asked;
    // A page of some families says nothing of the next one.
    this.last = only === undefined ? shared.last[format] : firstPage();
    this.room = roomOf(format, maxBytes);
    this.linesOf = (family) => {
      this.seen.add(family.id);
      return shared.lines.of(family);
    };
    this.bytes = shared.memory.spare.take(Math.min(this.last.bytes, maxBytes));
    this.page = this.pageWithout(this.last.leftOut);
    this.ended = shared.memory.begin(this.page);
  }

  /** Undefined when the page ran full. Pauses where the event loop may turn. */
  *write(): Generator<undefined, Written | undefined> {
    const { room, last, shared } = this;
    yield* findPowers(shared.view, this.linesOf);
    if (this.mustChoose()) yield* this.choose();
    for (let round = 0; ; round++) {
      this.sizes = undefined;
      const written = yield* this.writeChosen(round === 0 ? room * earlyShare : room);
      if (written !== undefined) return written;
      this.page.drop();
      if (this.asked.onTooLarge === 'fail' || round === mostRounds) return undefined;
      const all: PageSizes = this.sizes ?? (yield* this.measureAll());
      const free = Math.min(missedTimes * all.missed, room * mostFree);
      const largest = largestOf(all.byOwner, all.total, room * (1 - round / 8) - free);
      const leftOut = yield* named(largest, shared.owners);
      const size = this.expect(all, leftOut) + free;
      // Also for the next one, where this one comes too late.
      last.leftOut = leftOut;
      this.beginAgain(size, leftOut);
    }
  }

  /** The end of `write`. */
  end(written: Written | undefined): Rendering | TooLarge {
    const { shared, last, page } = this;
    const { memory } = shared;
    this.ended();
    if (written === undefined) {
      memory.spare.give(this.bytes);
      return tooLarge;
    }
    shared.lines.keep(this.seen);
    shared.page = page;
    const { body } = written;
    last.bytes = body.length;
    last.leftOut = page.stillLeftOut(body.length);
    const taken = memory.hand(body);
    function release(): void {
      taken();
      memory.spare.give(new Uint8Array(body.buffer));
    }
    return Object.freeze({ ...written, release });
  }

  /** `write` has failed, or was given up. */
  fail(error: unknown): never {
    this.ended();
    this.page.drop();
    this.shared.memory.spare.give(this.bytes);
    throw error;
  }

  private pageWithout(leftOut: LeftOut): Page {
    const { asked, bytes, linesOf, shared, giveWay } = this;
    this.late = shared.remarks.late;
    return new Page({ ...asked, giveWay, bytes, linesOf, owners: shared.owners, leftOut });
  }

  /** In one piece of memory, so that the body need not be put together. */
  private beginAgain(size: number, leftOut: LeftOut): void {
    const { spare } = this.shared.memory;
    this.ended();
    spare.give(this.bytes);
    this.bytes = spare.take(Math.min(size, this.asked.maxBytes));
    this.page = this.pageWithout(leftOut);
    this.ended = this.shared.memory.begin(this.page);
  }

  /** Begins again with a choice of names. */
  private *choose(): Generator<undefined, void> {
    const { shared, asked } = this;
    this.giveWay = yield* chooseNames(shared.view, this.linesOf, asked.now);
    this.rewrite();
  }

  private rewrite(): void {
    const { bytes, leftOut } = this.last;
    this.page.drop();
    this.beginAgain(bytes, leftOut);
  }

  /** Names meet in OpenMetrics, and nobody has chosen which family stays. */
  private mustChoose(): boolean {
    return this.giveWay === undefined && this.asked.format === 'openmetrics' && this.shared.lines.namesMeet;
  }

  /** As `writePage`, and once more where names or rows meet that are visited for the first time. */
  private *writeChosen(early: number): Generator<undefined, Written | undefined> {
    for (let more = mostAgain; ; more--) {
      this.mayBeginAgain = more > 0;
      const written = yield* this.writePage(early);
      if (written !== undefined) return written;
      if (this.mustChoose()) yield* this.choose();
      else if (this.hasMet()) this.rewrite();
      else return undefined;
    }
  }

  /** Rows were found to meet of which this page may have one already. */
  private hasMet(): boolean {
    return this.mayBeginAgain && this.late !== this.shared.remarks.late && !this.page.isFull();
  }

  /** @param early bytes beyond which `isTooLarge` is called, once */
  private *writePage(early: number): Generator<undefined, Written | undefined> {
    const { page } = this;
    const { view } = this.shared;
    let cursor: Cursor | undefined;
    let asked = false;
    do {
      page.next();
      cursor = view.walk(page, cursor, cellsASlice);
      if (page.isUnsettled()) yield* page.settle();
      yield;
      if (this.mustChoose()) return undefined;
      this.gather();
      if (asked || page.total() <= early) continue;
      asked = true;
      if (yield* this.isTooLarge()) return undefined;
    } while (cursor !== undefined && !page.isFull());
    return this.hasMet() ? undefined : yield* page.finish();
  }

  /** A large page for which no memory was kept gets it in one piece, once it is known how large it will be, about. */
  private gather(): void {
    const { page, bytes, shared, asked } = this;
    const total = page.total();
    if (this.isGathered || total < gatheredFrom) return;
    this.isGathered = true;
    // What came in one slice takes as long to copy. Of some families it is not known how many there are.
    if (bytes.length >= total || total > 2 * gatheredFrom || asked.only !== undefined) return;
    this.bytes = shared.memory.spare.take(Math.min(page.expected(seriesIn(shared.view)), asked.maxBytes));
    page.goOnIn(this.bytes);
    shared.memory.spare.give(bytes);
  }

  /** Called early, so that not all is written in vain if much has come since the last exposition. */
  private *isTooLarge(): Generator<undefined, boolean> {
    const { shared, last, room, page } = this;
    const series = seriesIn(shared.view);
    if (shared.merges || series <= last.expected || page.expected(series) < room * safeShare) return false;
    const all = yield* this.measureAll();
    if (this.expect(all, last.leftOut) <= room) return false;
    this.sizes = all;
    return true;
  }

  private measureAll(): Generator<undefined, PageSizes> {
    const { asked, linesOf, shared, giveWay } = this;
    return measure(shared.view, new PageSizes({ ...asked, giveWay, owners: shared.owners, linesOf }));
  }

  /** Returns how large the page is without some. */
  private expect(all: PageSizes, leftOut: LeftOut): number {
    const shown = shownOf(all, leftOut);
    this.last.expected = seriesIn(this.shared.view) * Math.min(moreTimes, 1 + (this.room - shown) / all.total);
    return shown;
  }
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
