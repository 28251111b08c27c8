/** Writes a store's view as a page of text or protobuf. */
import { defaultStrategy, type Strategy } from '../../../core/naming/index.ts';
import type { View } from '../../../core/store/index.ts';
import type { Escaping } from '../escaping.ts';
import { allFormats, type ExpositionFormat } from '../format.ts';
import { firstPage, InFlight, type Shared } from './in-flight.ts';
import type { RowOwners } from './left-out.ts';
import { FamilyLinesTable } from './lines/family-lines-table.ts';
import { escapedNames, legalNames } from './name-rules.ts';
import { type Abortable, createPace, type Pace } from './pace.ts';
import type { Written } from './page.ts';
import { Remarks } from './remarks.ts';
import { createRenderMemory, type RenderMemory } from './render-memory.ts';
import type { Omitted, Rendering, TooLarge } from './rendering.ts';

export interface RendererOptions {
  /** Milliseconds, by which ages are counted: the store's clock. Default: `performance.now`. */
  readonly clock?: () => number;
  /** How instrument names become series names. Default: `UnderscoreEscapingWithSuffixes`, as in a Collector. */
  readonly strategy?: Strategy;
  /**
   * Put before all series names, as a Collector's `namespace`: `acme` makes `acme_x` of `x`. What a name may not hold becomes
   * `_`. Default `''`: none.
   */
  readonly namespace?: string;
  /**
   * How names are written that the formats cannot hold bare. Families whose names come out the same are shown as one where they
   * have one TYPE, equal series of them once. Labels must not have names that the format writes itself. Default: all names are
   * made legal as the label rules of `strategy` require.
   */
  readonly escaping?: Escaping;
  /**
   * Is given the name of families that came out the same, each time that a series of them is left out because another one has its
   * labels.
   */
  readonly onConflict?: (family: string) => void;
  /**
   * How many bytes of lines are kept, which are written faster than those that are made from labels again. Default: 16 MiB.
   * Ignored beside `memory`.
   */
  readonly keptBytes?: number;
  /** What it shares with other renderers. Default: its own. */
  readonly memory?: RenderMemory;
  /**
   * Whose rows are: of an exposition that is too large, all rows of the largest owners are left out. Default: the largest
   * families are.
   */
  readonly owners?: RowOwners;
  /** OpenMetrics has a line `_created` of each counter, histogram and summary whose start is known. Default false. */
  readonly created?: boolean;
  /** When a rendering lets the event loop turn. Default: after every millisecond. */
  readonly pace?: (signal: Abortable | undefined) => Pace;
}

export interface RenderOptions {
  /** Largest body in bytes. Default: no limit. */
  readonly maxBytes?: number;
  /** A larger one: leave the largest families or owners out, or give `tooLarge`. Default `omit`. */
  readonly onTooLarge?: 'omit' | 'fail';
  /**
   * Only families of these names, which are those on `# TYPE` lines of text 0.0.4, escaped or not. Of no other one a row is read.
   * Default: all.
   */
  readonly only?: ReadonlySet<string> | undefined;
  /**
   * Checked at the start and after every yield: the promise is rejected with its reason. An `AbortSignal`, or what is made into
   * one later.
   */
  readonly signal?: Abortable;
}

export interface Renderer {
  /**
   * Renders all families, in the order of their declaration, to OpenMetrics 1.0, text 0.0.4 or protobuf. Yields to the event loop
   * as `pace` says; what is recorded meanwhile may show in the rest, each series appears at most once. A page that takes less
   * than that, some thousand lines, is returned and not promised. May run concurrently with itself; sharing one rendering among
   * equal requests is the caller's. Beyond
   * `maxBytes` whole families or owners are missing, or everything is; none is truncated. A page that runs full, or has many more
   * series than before, is measured, and written again without the largest; the next ones leave those out from the start, until
   * there is room for them.
   */
  render(format: ExpositionFormat, options?: RenderOptions): Promise<Rendering | TooLarge> | Rendering | TooLarge;
  /**
   * What there is to say of series that come out otherwise than they were recorded, each thing once. Apart from a rendering,
   * which nobody may wait for.
   */
  takeRemarks(): readonly Omitted[];
}

/**
 * Creates a renderer for a view. From one rendering to the next it keeps a body's memory, beyond 4.5 MiB for two minutes, and the
 * line prefixes of rows that are not made from their attributes alone (`row-templates.ts`) and of histograms, about 60 to 100
 * bytes a line, up to `keptBytes`.
 */
export function createRenderer(view: View, options: RendererOptions = {}): Renderer {
  const {
    clock = () => performance.now(),
    strategy = defaultStrategy,
    namespace = '',
    escaping,
    onConflict,
    owners,
    memory = createRenderMemory(options.keptBytes),
    created = false,
    pace: paceOf = createPace,
  } = options;
  const names = escaping === undefined ? legalNames : escapedNames(escaping);
  const remarks = new Remarks();
  const lines = new FamilyLinesTable({ strategy, namespace, names, onConflict, room: memory.room, remarks, created });
  const last = Object.fromEntries(allFormats.map((format) => [format, firstPage()])) as Shared['last'];
  const shared: Shared = { view, memory, owners, lines, remarks, merges: names.merges, last };

  function render(format: ExpositionFormat, given: RenderOptions = {}) {
    const { maxBytes = Number.POSITIVE_INFINITY, onTooLarge = 'omit', only, signal } = given;
    signal?.throwIfAborted();
    const rendering = new InFlight(shared, { format, maxBytes, onTooLarge, only, now: clock() });
    const work = rendering.write();
    const pace = paceOf(signal);
    const failed = (error: unknown) => rendering.fail(error);
    try {
      const step = untilDue(work, pace);
      return step.done === true ? rendering.end(step.value) : rest(work, pace).then((written) => rendering.end(written), failed);
    } catch (error) {
      return failed(error);
    }
  }

  return Object.freeze({ render, takeRemarks: () => remarks.take() });
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
