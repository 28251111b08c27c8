/**
 * An exposition as Prometheus' own parsers read it (`go-parsers/`): `textparse`, which a scrape uses, for OpenMetrics, text and
 * protobuf; and
 * `expfmt`, which decodes into client_model's `MetricFamily`.
 */
import { spawnSync } from 'node:child_process';
import { peer } from './peers.ts';

type Pairs = readonly (readonly [string, string])[];

/** Times are milliseconds since the epoch. */
export interface GoExemplar {
  readonly labels: Pairs;
  readonly value: number;
  readonly timestamp?: number;
}

/** A native histogram, with an absolute count per bucket. */
export interface GoHistogram {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  /** Offset and length of each span. */
  readonly positiveSpans: readonly (readonly [number, number])[];
  readonly positive: readonly number[];
  readonly negativeSpans: readonly (readonly [number, number])[];
  readonly negative: readonly number[];
  readonly gauge: boolean;
  /** Counts that need not be whole. */
  readonly float: boolean;
}

export interface GoSample {
  /** Sorted by name, `__name__` among them. */
  readonly labels: Pairs;
  /** NaN where the sample is a histogram. */
  readonly value: number;
  readonly timestamp?: number;
  /** The created timestamp: in protobuf, and in OpenMetrics with `skipCreated`; 0 where there is none. */
  readonly start: number;
  readonly histogram?: GoHistogram;
  readonly exemplars: readonly GoExemplar[];
}

/** What stood before `error`, if there is one. */
export interface GoExposition {
  readonly metadata: readonly { readonly line: 'TYPE' | 'HELP' | 'UNIT'; readonly name: string; readonly text: string }[];
  readonly samples: readonly GoSample[];
  /** In the parser's words; those of the checks that a scrape adds start with `scrape: `. */
  readonly error: string | undefined;
}

/**
 * protobuf's own JSON of the messages: lower camel case, 64-bit integers as text, times as RFC 3339, only fields that are set.
 */
export interface GoFamilies {
  readonly families: readonly Readonly<Record<string, unknown>>[];
  readonly error: string | undefined;
}

export interface GoOptions {
  /** Drops the classic buckets of a histogram that is native too. */
  readonly dropClassic?: boolean;
  /** Reads no native histograms, as without `scrape_native_histograms`. */
  readonly dropNative?: boolean;
  /** `_created` is a start, not a series. */
  readonly skipCreated?: boolean;
}

export interface GoPage extends GoOptions {
  readonly page: Uint8Array;
  readonly contentType: string;
}

/** A page as a scrape reads it. Needs the peer `goParsers`. */
export function decodeExposition(page: Uint8Array, contentType: string, options: GoOptions = {}): GoExposition {
  const [read] = decodeExpositions([{ page, contentType, ...options }]);
  if (read === undefined) throw new Error('go-parsers gave no answer');
  return read;
}

/** Many pages in one run of the program. */
export function decodeExpositions(pages: readonly GoPage[]): GoExposition[] {
  return run(pages.map((page) => ({ ...page, reader: 'textparse' }))).map((answer) => ({
    metadata: (answer.metadata ?? []) as GoExposition['metadata'],
    samples: ((answer.samples ?? []) as RawSample[]).map(sampleOf),
    error: answer.error,
  }));
}

/** A page as `expfmt` decodes it. Needs the peer `goParsers`. */
export function decodeFamilies(page: Uint8Array, contentType: string): GoFamilies {
  const [answer] = run([{ page, contentType, reader: 'expfmt' }]);
  if (answer === undefined) throw new Error('go-parsers gave no answer');
  return { families: (answer.families ?? []) as GoFamilies['families'], error: answer.error };
}

interface Answer {
  readonly metadata?: unknown[];
  readonly samples?: unknown[];
  readonly families?: unknown[];
  readonly error?: string;
}

type RawExemplar = Omit<GoExemplar, 'value'> & { readonly value: string };
type RawSample = { readonly labels: Pairs; readonly value?: string; readonly timestamp?: number; readonly start?: number } & {
  readonly histogram?: Readonly<Record<string, unknown>>;
  readonly exemplars?: readonly RawExemplar[];
};

function run(pages: readonly (GoPage & { readonly reader: string })[]): Answer[] {
  const program = peer('goParsers');
  if (program === undefined) throw new Error('no go-parsers here; `bash test/conformance/provision.sh` builds it');
  const input = pages.flatMap(({ page, ...asked }) => [
    Buffer.from(`${JSON.stringify({ ...asked, length: page.length })}\n`),
    page,
  ]);
  const done = spawnSync(program, [], { input: Buffer.concat(input), maxBuffer: 1024 * 1024 * 1024 });
  if (done.status !== 0) throw new Error(`go-parsers: ${done.stderr.toString().trim() || done.error?.message}`);
  const answers: Answer[] = [];
  for (let from = 0; from < done.stdout.length; ) {
    const end = done.stdout.indexOf('\n', from);
    answers.push(JSON.parse(done.stdout.toString('utf8', from, end)));
    from = end + 1;
  }
  return answers;
}

function sampleOf({ labels, value, timestamp, start, histogram, exemplars }: RawSample): GoSample {
  return {
    labels,
    value: value === undefined ? Number.NaN : numberOf(value),
    ...(timestamp === undefined ? {} : { timestamp }),
    start: start ?? 0,
    ...(histogram === undefined ? {} : { histogram: histogramOf(histogram) }),
    exemplars: (exemplars ?? []).map((exemplar) => ({ ...exemplar, value: numberOf(exemplar.value) })),
  };
}

function histogramOf(raw: Readonly<Record<string, unknown>>): GoHistogram {
  const read: Record<string, unknown> = { ...raw };
  for (const key of ['zeroThreshold', 'zeroCount', 'count', 'sum']) read[key] = numberOf(raw[key] as string);
  for (const key of ['positive', 'negative']) read[key] = (raw[key] as string[]).map(numberOf);
  return read as unknown as GoHistogram;
}

/** Of Go's spelling. */
function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
