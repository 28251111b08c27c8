/** The log lines of events: each change once, however often it happens. */
import { MeterbridgeError } from '../../core/errors/error.ts';
import type { Omitted } from '../../formats/exposition/write/rendering.ts';
import type { AdmitEvent, CollectEvent } from '../recording/index.ts';
import { admitLine, countLine } from './refusal-line.ts';

export type Log = (line: string) => void;

type Counting = Exclude<AdmitEvent, { outcome: 'closed' }>;

export interface Admissions {
  onAdmit(event: Counting, got: unknown): void;
  /** Writes the counts that are due; `all`: those that are not due yet, too. */
  flush(all?: boolean): void;
}

interface Counted {
  readonly event: Counting;
  /** Since the last line. */
  more: number;
  /** Of the last line, in ms. */
  at: number;
}

/** How long a metric and reason are only counted after a line, in ms. */
const quietMs = 60_000;

/** How many instruments or lines that are not ours to count are told apart. */
const mostLines = 1_000;

/**
 * The first rejection or drop per reason and metric, or instrument outside the contracts, and the first other remark per label,
 * is a line. Those that follow are counted, and the count is a line at most once a minute. A flood builds no further strings.
 */
export function logAdmissions(log: Log, clock: () => number): Admissions {
  const known = new WeakMap<object, Map<unknown, Counted>>();
  /** By the names of instruments outside the contracts; `undefined` is all of them. */
  const foreign = new Map<string | undefined, Map<unknown, Counted>>();
  const pending = new Set<Counted>();

  function reasonsOf(event: Counting): Map<unknown, Counted> {
    if (event.metric !== undefined) return known.get(event.metric) ?? put(known, event.metric);
    const instrument = 'instrument' in event && foreign.size < mostLines ? event.instrument : undefined;
    return foreign.get(instrument) ?? put(foreign, instrument);
  }

  function flushOne(one: Counted): void {
    pending.delete(one);
    log(countLine(one.event, one.more));
    one.more = 0;
    one.at = clock();
  }

  return {
    onAdmit(event, got) {
      // The instrument itself logs it.
      if (event.outcome === 'folded' && event.reason === 'overflow') return;
      const reasons = reasonsOf(event);
      const key = kindOf(event);
      const one = reasons.get(key);
      if (one === undefined) {
        reasons.set(key, { event, more: 0, at: clock() });
        log(admitLine(event, got));
        return;
      }
      one.more += 1;
      pending.add(one);
      if (clock() - one.at >= quietMs) flushOne(one);
    },
    flush(all = false) {
      if (pending.size === 0) return;
      const now = clock();
      for (const one of pending) if (all || now - one.at >= quietMs) flushOne(one);
    },
  };
}

function put<Key>(known: { set(key: Key, reasons: Map<unknown, Counted>): unknown }, key: Key): Map<unknown, Counted> {
  const reasons = new Map<unknown, Counted>();
  known.set(key, reasons);
  return reasons;
}

/** What is a line once per metric or instrument. */
function kindOf(event: Counting): unknown {
  if (event.outcome === 'refused' || event.outcome === 'dropped') return event.reason;
  // A label's remark is the same event each time.
  return event.metric === undefined ? event.outcome : event;
}

/** The first failure and the first delay of each group of families, and their end. */
export function logCollections(log: Log): (event: CollectEvent) => void {
  const open = new Map<string, Set<CollectEvent['outcome']>>();

  function logEnd(families: string, said: Set<CollectEvent['outcome']>, missed: boolean): void {
    // A run that was missed ends a failure, but is no less late.
    const ended = missed ? said.delete('failed') : said.size > 0;
    if (!missed) said.clear();
    if (ended) log(`${families}: collected again`);
  }

  return ({ families: all, outcome, seconds, error, missed = false }) => {
    const families = all.join(', ');
    const said = open.get(families) ?? new Set();
    open.set(families, said);
    if (outcome === 'success') return logEnd(families, said, missed);
    if (said.has(outcome)) return;
    said.add(outcome);
    if (outcome === 'failed')
      return log(`${families}: collection failed${reason(error)}; the last good values are served until they are too old`);
    const fix = 'Fix: make the callback faster, or the time-out of the scraper or callbackTimeoutMs longer, whichever is shorter';
    log(
      `${families}: collection late (waited for ${seconds.toFixed(1)} s); what it reads is served when it has come, and the last good values until then. ${fix}`,
    );
  };
}

/** A change of the errors of instruments outside the contracts. */
export function logForeign(log: Log): (errors: readonly unknown[]) => void {
  let last = '';
  return (errors) => {
    const before = last;
    last = errors.map(textOf).join('; ');
    if (before === last) return;
    if (last === '') log('instruments outside the contracts: collected again');
    else log(`instruments outside the contracts: collection failed (${last})`);
  };
}

export function logOmissions(log: Log): (omitted: Omitted) => void {
  const logged = new Set<string>();
  return (omitted) => {
    const { family, reason } = omitted;
    const key = `${reason} ${family}`;
    // Of merged names, each set is told.
    if (reason === 'labels' || reason === 'series' || logged.has(key)) return;
    logged.add(key);
    log(`${family}: ${wordsOf(reason, omitted)}`);
  };
}

/** Each line once. */
export function logEach(log: Log): Log {
  const logged = new Set<string>();
  return (line) => {
    if (logged.has(line) || logged.size >= mostLines) return;
    logged.add(line);
    log(line);
  };
}

function wordsOf(reason: Exclude<Omitted['reason'], 'labels' | 'series'>, { scopes, stays }: Omitted): string {
  if (reason === 'metadata') return described(scopes);
  return reason === 'openmetrics_name' ? givesWay(stays) : omissions[reason];
}

function givesWay(stays: Omitted['stays']): string {
  return `a scrape in OpenMetrics leaves it out, because ${stays} has or reserves the same name there. Fix: rename one of the two; text, protobuf and a push carry both`;
}

function described(scopes: Omitted['scopes']): string {
  const who = scopes === undefined ? 'two instruments come' : `instruments of the scopes ${scopes.join(' and ')} come`;
  const shows = 'a scrape shows those of the first, with the series of both, and a push has all';
  // Two packages that others wrote may share a name.
  const fix =
    'none is needed if both measure the same in one unit; in code of your own, give both one help and unit, or two names';
  return `${who} out under this name, and their help or unit differs; ${shows}. Fix: ${fix}`;
}

const omissions: Readonly<Record<Exclude<Omitted['reason'], 'labels' | 'metadata' | 'openmetrics_name' | 'series'>, string>> = {
  name: 'a scrape leaves it out, because another instrument comes out under this name, or nothing legal remains of it. Fix: rename it; a push carries it',
  buckets:
    'a scrape shows count and sum only of series whose exponential buckets are of a scale below -4, or do not add up to the count: Prometheus has no native histogram of these. Fix: give exponential a larger maxSize; a push carries them',
  totals:
    'OpenMetrics shows no sum that is unknown, NaN or negative, no count of such a histogram, and no negative quantile: strict readers refuse the page. Fix: correct what is recorded; text and protobuf show all',
  values:
    'OpenMetrics shows no series of an info that is not 1, nor of a stateset that is neither 0 nor 1 or lacks a label of its name: strict readers refuse the page. Fix: correct what is recorded; text and protobuf show all',
  size: 'a scrape leaves it out, because the response would be larger than its limit. Fix: bound its labels, or raise scrape.maxBytes; a push carries it',
};

function reason(error: unknown): string {
  return error === undefined ? '' : ` (${textOf(error)})`;
}

/** One line for any thrown value. Of an error that is not ours: its class, and where it was thrown. */
function textOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return oneLine(String(error));
    if (MeterbridgeError.is(error)) return oneLine(error.message);
    const { code } = error as { readonly code?: unknown };
    const said = error.message === '' && typeof code === 'string' ? code : error.message;
    return oneLine([classOf(error), said].filter((part) => part !== '').join(': ') + firstFrame(error.stack));
  } catch {
    return 'a value that cannot be shown as a string';
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** `TimeoutError` of a `DOMException`, `DatabaseError` of an `error`. */
function classOf(error: Error): string {
  const made = error.constructor?.name;
  return error.name !== 'Error' && error.name.endsWith('Error') ? error.name : made || error.name;
}

function firstFrame(stack: unknown): string {
  const frames = typeof stack === 'string' ? (stack.match(/^ {4}at .+$/gm) ?? []) : [];
  const frame = frames.find((one) => !one.includes('node:')) ?? frames[0];
  return frame === undefined ? '' : `, ${frame.trim()}`;
}
