/**
 * The interface of the store: the current value of every series of a process, whatever produced it. One writer thread, many
 * views. What is *not* here: the index from labels to row (each producer's own), names and line prefixes (exposition), limits and
 * rejections (admit), temporality, staleness and coalescing (the readers).
 */
import type { RowLayout, RowShape } from './cells/row-layout.ts';

/** A row's number inside its family. Row 0 is the sink: rejected writes go there, so that a hot path has no branch. */
export type Row = number;

export interface Scope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}

export interface SourceSpec {
  /** The OpenTelemetry instrumentation scope; for a contract its name. */
  readonly scope: Scope;
  /** Canonical attribute bytes of the resource (see `src/formats/otlp/value/attributes.ts`); absent = the process itself. */
  readonly resource?: Uint8Array;
}

/**
 * A label's value: a string, or the bytes of an OTLP `AnyValue` that holds none (see `src/formats/otlp/value/labels.ts`). The store does
 * not look into them.
 */
export type LabelValue = string | Uint8Array;

/** What distinguishes a row from the others of its family. */
export interface RowLabels {
  /** Attribute names, each once, in the order in which exposition writes them. */
  readonly names: readonly string[];
  /** A value for each name. */
  readonly values: readonly LabelValue[];
}

/**
 * The labels of a new row. `names` default to `FamilySpec.labels`, which take no memory in a row; a string takes its UTF-8 and a
 * byte. Other names, and values that are no strings, make a *shape*, which the family keeps once, for 4 bytes a row. So one
 * family can hold recorded series, and received ones with any attributes.
 */
export type NewLabels = Pick<RowLabels, 'values'> & Partial<RowLabels>;

/** Labels whose values are all strings, as `labelBytes` has them: each behind its length. For rows made without a string. */
export interface EncodedLabels {
  readonly names: readonly string[];
  readonly bytes: Uint8Array;
  /** Of the bytes, from the first on. */
  readonly length: number;
}

export interface ExposedNames {
  /** The family's name in text 0.0.4. */
  readonly series: string;
  /** The family's name in OpenMetrics. A counter's equals `series` where it is to be `unknown` there. */
  readonly openMetrics: string;
}

export interface FamilySpec extends RowShape {
  /** OpenTelemetry instrument name (`runwisp.runs`); exposition maps it to the series name. */
  readonly name: string;
  /** UCUM unit, `''` for none. */
  readonly unit: string;
  readonly help: string;
  /** The attribute names that its rows have by default, in the order in which exposition writes them. */
  readonly labels: readonly string[];
  /** Exposition sorts the rows by their labels (otherwise: in order of creation). */
  readonly sorted?: boolean;
  /**
   * The names of series that are exposed as they are, whatever naming makes of `name`, `unit` and `kind`. Labels keep their names
   * too, as far as they are legal.
   */
  readonly exposed?: ExposedNames;
  /** A summary without labels that text 0.0.4 shows as two counters, by their HELP. Absent: it shows the summary. */
  readonly counters?: { readonly sum: string; readonly count: string };
  /**
   * Exposition writes the source's scope as labels (`otel_scope_name` and so on): of instruments that no contract names. Default
   * false.
   */
  readonly scopeLabels?: boolean;
  /**
   * No contract declares it: on an OpenMetrics page that has room for one of two names, it gives way to a contract's. Default
   * false.
   */
  readonly uncontracted?: boolean;
  /**
   * An info or a stateset has that type in OpenMetrics, which leaves out rows that are no such. An info's name ends in `_info`;
   * each row of a stateset has a label of the family's name. Default false: they are gauges there, too.
   */
  readonly typed?: boolean;
  /** Its totals are older than the process, so no start of a row is that of its value (`startOf`). Default false. */
  readonly unknownStart?: boolean;
  /** When its instrument was made, in milliseconds since the epoch: since then a series could have been measured. */
  readonly madeMs?: number;
  /** HELP and TYPE are left out too while the family has no row. */
  readonly omitEmpty?: boolean;
  /**
   * By label, how many values a reader of several processes' stores shows, and what the excess becomes; without `other` it is
   * left out. The producer keeps the limits of its own series. `kind`: the label's, for what is said of it; processes of earlier
   * versions have none.
   */
  readonly limits?: Readonly<
    Record<string, { readonly limit: number; readonly other?: string; readonly kind?: 'capped' | 'identity' }>
  >;
  /** What a reader of several processes' stores makes of the values of a gauge or an up-down counter. Default `sum`. */
  readonly across?: 'sum' | 'max' | 'min' | 'average' | 'first' | 'worker' | 'omit';
  /** How long the last good values are served after a failed collection, in milliseconds. Infinity: always. */
  readonly maxAgeMs: number;
}

/** What a reader sees of a family. */
export interface FamilyView {
  /** Unique in its store, never reused. */
  readonly id: number;
  /**
   * The id of the family that began its group: its own, unless it was made beside another one (`Source.family`). Walks go by
   * group, and inside it by id.
   */
  readonly group: number;
  readonly spec: FamilySpec;
  readonly source: SourceSpec;
  /**
   * Fixed-length view of the cells, row after row. Replaced on growth: read the property again after every yield. In a view from
   * another thread it holds the rows of the present slice only, at the `cellAt` that the visitor is given.
   */
  readonly cells: Float64Array;
  /** What the cells of a row are. */
  readonly rowLayout: RowLayout;
  /** Cells a row, `rowLayout.cells`: hot paths read it as a plain field. */
  readonly stride: number;
  /**
   * When the family's values were last known to be good, by the store's clock (`StoreOptions.clock`): `Infinity` for recorded
   * families (always live), `-Infinity` for an observed one that never was.
   */
  readonly goodAt: number;
  /** Rows in use. */
  readonly size: number;
  /** Above every row's number. */
  readonly used: number;
  /** Changes when a row is taken. While it is the same, each row in use has the labels that it had. */
  readonly taken: number;
  /** A row's labels. From another thread they are the row's only if `generation` returns the same afterwards as before. */
  labels(row: Row): RowLabels;
  /**
   * The bytes that hold the rows' labels, with some more behind them. Replaced, and `labelsAt` with it, where rows come or leave.
   * From another thread it is the writer's: see `holds`.
   */
  readonly labelBytes: Uint8Array;
  /**
   * Where in `labelBytes` the values of `spec.labels` are, one after the other, as UTF-8, each behind its length
   * (`label-bytes.ts`). Negative: the row has another shape: `shapeOf` and `valuesAt` return the offsets of that and of its
   * values.
   */
  labelsAt(row: Row): number;
  /** Whether the row is still in that generation, and so whatever was read from `labelBytes` before was its series'. */
  holds(row: Row, generation: number): boolean;
  /** When the row's accumulation began, ms since the epoch; 0: unknown, or its kind accumulates nothing. */
  start(row: Row): number;
  /**
   * `start` where the row's value was 0 then, so that all of it has come since; else 0. Most readers want `startOf`, which knows
   * the rules of families too.
   */
  zeroAt(row: Row): number;
  /** Grows each time the row is given to another series. */
  generation(row: Row): number;
}

/** What a producer gets: the view plus its writing side. */
export interface Family extends FamilyView {
  /**
   * Takes a free row for a series, its cells blank and the first at `value` (default 0): a reader in another thread sees it with
   * that value or not at all, so pass a gauge's value. The caller indexes the row. Returns 0, the sink, when the labels have
   * reached `StoreOptions.mostLabelBytes`, or there is no memory: then the caller rejects and counts the series.
   */
  row(labels: NewLabels | EncodedLabels, startMs: number, value?: number): Row;
  /** Whether a row in use has these labels. */
  has(row: Row, labels: EncodedLabels): boolean;
  /**
   * So many rows more will be taken, about, with labels as long as those of this row: what is grown once is not copied many
   * times.
   */
  reserve(more: number, like: Row): void;
  /** Marks a row as still reported, inside `Source.replace`. Rows taken inside it are marked already. */
  keep(row: Row): void;
  /**
   * Drops the row's series at once, inside `Source.replace` at its end. The number may be given out again at once too: walks that
   * began before do not show the series that gets it.
   */
  drop(row: Row): void;
  /**
   * Drops the series of all rows at once, outside of `Source.replace`, and gives their memory back, in constant time; for a few,
   * `drop` takes less.
   */
  clear(): void;
  /**
   * @param fromZero whether the row's value was 0 at `startMs` (default true). False: it is only known to have begun again by
   * then, and may have grown before (OpenTelemetry's data model, "Cumulative streams: handling unknown start time").
   */
  setStart(row: Row, startMs: number, fromZero?: boolean): void;
  /** Changes `FamilySpec.help`, for every reader from its next walk on. */
  describe(help: string): void;
  /** The number of the newest walk over the store: when it has changed, a reader has collected meanwhile. */
  currentWalk(): number;
  /**
   * Ends the family and its rows, in constant time however many other families there are. Call it once, outside of
   * `Source.replace`, and do not use the family afterwards.
   */
  end(): void;
}

/** Bytes, in constant time. */
export interface HeldBytes {
  /** Of objects and strings: an estimate. */
  readonly heap: number;
  /** Of buffers. */
  readonly buffers: number;
}

export interface Source {
  readonly spec: SourceSpec;
  /** Live: what its families take. */
  readonly held: HeldBytes;
  /**
   * Declares a family; walks visit families in this order. `live`: recorded, so always good.
   *
   * `beside`: a family of this store, ended or not, whose group the new one joins. Families of one exposed name with other
   * bounds, quantiles or exemplars are a group: neighbours in every walk. Exposition writes the first one's name, TYPE, HELP and
   * scope labels for all. The producer ensures that no two of them show the same labels.
   */
  family(spec: FamilySpec, live: boolean, beside?: Pick<FamilyView, 'group'>): Family;
  /**
   * Replaces what these families hold, in one flip: rows neither taken nor kept inside `write` leave (`dropped` is called for
   * each). The families are good as of now. When `write` throws, nothing changes, and the error is thrown on.
   */
  replace(families: readonly Family[], write: () => void, dropped?: (family: Family, row: Row) => void): void;
  /** Ends the producer and its families. */
  close(): void;
}

export interface Cursor {
  /**
   * The walk's number: rows taken after it began are not shown, so no series is visited twice. An abandoned cursor costs nothing.
   */
  readonly walk: number;
  readonly group: number;
  readonly family: number;
  readonly row: Row;
}

export interface Visitor {
  /**
   * Called once a walk, before the family's rows, also when it has none; false = skip them. Undefined = not yet: the walk pauses
   * here, and calls it again when it goes on.
   */
  family(family: FamilyView): boolean | undefined;
  /** Read behind each row: true ends the slice. For a reader whose work depends on more than cells. */
  readonly enough?: boolean;
  /** `cellAt` indexes `family.cells`. Called once per row in use, and allocates nothing. */
  row(family: FamilyView, row: Row, generation: number, cellAt: number): void;
}

export interface View {
  /**
   * Walks rows of up to `cells` cells (default: all; free rows count, each family for 16; at least one row) from `from` on.
   * Returns where to continue; undefined at the end. It counts cells, because a reader's work grows with them. In another thread
   * it may return without progress while the writer replaces rows: yield, and call it again.
   */
  walk(visitor: Visitor, from?: Cursor, cells?: number): Cursor | undefined;
}

/** A `MessagePort`, as far as a store needs one. */
export interface SharePort {
  postMessage(message: unknown): void;
}

export interface Store {
  source(spec: SourceSpec): Source;
  readonly view: View;
  /**
   * Sends every family to another thread, now and as they come, grow and go; `createRemoteView` at the other end of the port
   * walks the same memory there. Returns a function that ends this.
   */
  share(port: SharePort): () => void;
}

export interface StoreOptions {
  /** Milliseconds that only go forward; their origin is that of `FamilyView.goodAt`. Default: `performance.now`. */
  readonly clock?: () => number;
  /** What the labels of a family's rows take at most, free blocks among them, in bytes. Default: 1 GiB. */
  readonly mostLabelBytes?: number;
  /** The first id of its families, so that a reader of two stores can distinguish them. Default 1. */
  readonly firstId?: number;
}
